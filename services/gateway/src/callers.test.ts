import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { allowedNames, assertLocalCaller } from './callers.ts';

function request({ host, origin }: { host: string | undefined; origin: string | undefined }) {
  const headersDistinct = host === undefined ? {} : { host: [host] };
  return { headers: { host, origin }, headersDistinct, url: '/' };
}

describe('callers of HTTP', () => {
  const names = allowedNames({ allowHosts: 'Proxy.example, other' });
  const taken: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    ['localhost:5000', undefined],
    ['127.0.0.1', undefined],
    ['[::1]:5000', undefined],
    ['192.168.1.7:5000', undefined],
    ['0.0.0.0:5000', undefined],
    [`${hostname()}:5000`, undefined],
    ['proxy.example', undefined],
    ['PROXY.example:80', 'https://proxy.example'],
    ['192.168.1.7:5000', 'http://192.168.1.7:5000'],
    ['127.0.0.1:5000', 'http://localhost:3030'],
  ];
  for (const [host, origin] of taken) {
    it(`may ask as ${host} from ${origin}`, () => {
      assertLocalCaller(request({ host, origin }), names);
    });
  }

  const refused: [string, string | undefined][] = [
    ['evil.example', undefined],
    ['127.0.0.1.evil.example', undefined],
    ['localhost.', undefined],
    ['a b', undefined],
    ['127.0.0.1', 'http://evil.example'],
    ['127.0.0.1', 'http://192.168.1.7'],
    ['127.0.0.1', 'null'],
    ['evil.example', 'http://evil.example'],
    ['', undefined],
    ['evil.example@localhost', undefined],
    ['localhost@evil.example', undefined],
    ['localhost/evil.example', undefined],
    ['localhost:80:80', undefined],
    ['\u00aalocalhost', undefined],
    ['[::1', undefined],
  ];
  for (const [host, origin] of refused) {
    it(`may not ask as ${host} from ${origin}`, () => {
      assert.throws(() => assertLocalCaller(request({ host, origin }), names), /--allow-hosts/);
    });
  }
});
