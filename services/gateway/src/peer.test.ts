import assert from 'node:assert/strict';
import { peerAddress } from './peer.ts';

describe('a peer', () => {
  const cases: [string, string][] = [
    ['10.0.0.7:51234', '10.0.0.7'],
    ['::ffff:10.0.0.7:51234', '10.0.0.7'],
    ['::1:51234', '::1'],
    ['fd00:1:2:3:4:5:6:7:51234', 'fd00:1:2:3:4:5:6:7'],
    ['fe80::1%eth0:51234', 'fe80::1%eth0'],
    ['unknown', 'local'],
  ];
  for (const [peer, address] of cases) {
    it(`${peer} is ${address}`, () => {
      assert.equal(peerAddress(peer), address);
    });
  }
});
