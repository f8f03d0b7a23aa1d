import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { clientCallLabels, serverCallLabels } from './call-labels.ts';

const NAMES = Object.keys(status).filter((name) => !/^\d/.test(name));
/** docs/rpc/grpc.md of the conventions, note 1 of the server's span. */
const SERVER_ERRORS = [
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
];

describe("a call's labels", () => {
  const ended = { milliseconds: 1, requestId: 'r', handled: true };

  it('name system, method and status', () => {
    const call = { ...ended, method: 'sextant.v1.ModelService/ListModels', status: 'OK' };
    assert.deepEqual(serverCallLabels(call), {
      rpc_system_name: 'grpc',
      rpc_method: 'sextant.v1.ModelService/ListModels',
      rpc_status_code: 'OK',
    });
  });

  it('name no method that the server does not have', () => {
    const call = { ...ended, method: undefined, status: 'UNIMPLEMENTED' };
    assert.equal(serverCallLabels(call).rpc_method, '_OTHER');
  });

  it("have an error on a server when it is the server's, on a client always", () => {
    for (const name of NAMES) {
      const server = serverCallLabels({ ...ended, method: 'a/B', status: name });
      const isError = SERVER_ERRORS.includes(name);
      assert.equal('error_type' in server, isError, name);
      const client = clientCallLabels({ method: 'a/B', status: name, milliseconds: 1 }, 'h:1');
      assert.equal('error_type' in client, name !== 'OK', name);
    }
  });

  it('tell where a client is connected to', () => {
    const told = (address: string) => {
      const call = { method: 'a/B', status: 'OK', milliseconds: 1 };
      const { rpc_system_name, rpc_method, rpc_status_code, ...where } = clientCallLabels(
        call,
        address,
      );
      return where;
    };
    assert.deepEqual(told('127.0.0.1:50052'), {
      server_address: '127.0.0.1',
      server_port: '50052',
    });
    assert.deepEqual(told('unix:/run/sextant-7/i.sock'), { server_address: 'i.sock' });
  });
});
