import assert from 'node:assert/strict';
import { checkAddress, isLoopback, joinAddress } from './address.ts';

describe('addresses', () => {
  for (const good of ['127.0.0.1:0', 'localhost:50051', '[::1]:65535', 'unix:/run/s.sock']) {
    it(`take ${good}`, () => assert.equal(checkAddress(good, '--inference'), good));
  }
  for (const bad of ['', 'localhost', '::1:5', 'host:65536', 'http://host:1', 'unix:', 'a b:1']) {
    it(`refuse ${JSON.stringify(bad)}`, () =>
      assert.throws(() => checkAddress(bad, '--inference'), /^SextantError: --inference: /));
  }

  it('bracket IPv6', () => {
    assert.equal(joinAddress('::1', 1), '[::1]:1');
    assert.equal(joinAddress('127.0.0.1', 1), '127.0.0.1:1');
  });

  it('know loopback', () => {
    for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '::1', '[::1]']) {
      assert.ok(isLoopback(host), host);
    }
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org']) {
      assert.ok(!isLoopback(host), host);
    }
  });
});
