import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withServer } from './connect.ts';

const nothing = async () => undefined;
const { signal } = new AbortController();

describe('a connection to a server', function () {
  this.timeout(20_000);

  it('is refused at once where nobody listens, by the address that was given', async () => {
    const before = Date.now();
    await assert.rejects(withServer('127.0.0.1:1', signal, nothing), {
      reason: 'SERVICE_UNAVAILABLE',
      subject: '127.0.0.1:1',
      got: 'nobody listens there',
    });
    await assert.rejects(withServer('unix:/nowhere/at.sock', signal, nothing), {
      got: 'no such socket',
    });
    assert.ok(Date.now() - before < 2000, 'at once');
  });

  it('tells a host that does not exist', async () => {
    await assert.rejects(withServer('no-such-host.invalid:50051', signal, nothing), {
      subject: 'no-such-host.invalid:50051',
      got: /^no such host$|^no answer within/,
    });
  });

  it('tells a web server from a gRPC server', async () => {
    const web = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    await assert.rejects(withServer(`127.0.0.1:${port}`, signal, nothing), {
      subject: `127.0.0.1:${port}`,
      got: /speaks HTTP\/1, not gRPC/,
    });
    web.close();
  });
});
