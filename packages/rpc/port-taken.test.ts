import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { assertPortFree } from './port-taken.ts';

describe('a look at a port', () => {
  it('finds a free one free, and a taken one taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const place = { host: '127.0.0.1', port, flag: '--grpc-port' };
    await assert.rejects(assertPortFree(place), { reason: 'PORT_TAKEN', subject: '--grpc-port' });
    other.close();
    await once(other, 'close');
    await assertPortFree(place);
  });

  it('tells that this machine has no such address, whatever the port', async () => {
    // TEST-NET-1: an address of documentation, of no machine.
    const place = { host: '192.0.2.1', port: 0, flag: '--grpc-port' };
    await assert.rejects(assertPortFree(place), {
      reason: 'CONFIG_INVALID',
      subject: '--listen',
      got: /^192\.0\.2\.1/,
    });
  });
});
