import assert from 'node:assert/strict';
import { rawHttp, statusOf } from './raw-http.ts';
import { type Services, startServices } from './running.ts';

const CLOSE = 'Connection: close';
const GET = 'GET /v1/models HTTP/1.1';

/** What a socket sends, and the status that answers it. */
type Attempt = readonly [title: string, lines: readonly string[], status: number];

describe('who may ask over HTTP', () => {
  let services: Services;
  before(async () => {
    services = await startServices();
  });
  after(() => services?.stop());

  const attempts: readonly Attempt[] = [
    ['an address', [GET, 'Host: 127.0.0.1:5000'], 200],
    ['localhost', [GET, 'Host: LOCALHOST'], 200],
    ['an address of version 6', [GET, 'Host: [::1]:5000'], 200],
    ['one of version 4 in one of version 6', [GET, 'Host: [::ffff:127.0.0.1]:5000'], 200],
    ['HTTP/1.0 without a Host', ['GET /v1/models HTTP/1.0'], 200],
    [
      'an absolute target of this server',
      [`GET http://localhost/v1/models HTTP/1.1`, 'Host: localhost'],
      200,
    ],

    ['a name that was made to point here', [GET, 'Host: rebound.example'], 403],
    ['such a name over HTTP/1.0', ['GET /v1/models HTTP/1.0', 'Host: rebound.example'], 403],
    ['a name that begins with an address', [GET, 'Host: 127.0.0.1.rebound.example'], 403],
    ['a name that ends with localhost', [GET, 'Host: rebound.localhost'], 403],
    ['localhost as a root domain', [GET, 'Host: localhost.'], 403],
    ['a user before the host', [GET, 'Host: rebound.example@localhost'], 403],
    ['a host as a user', [GET, 'Host: localhost@rebound.example'], 403],
    ['a path behind the host', [GET, 'Host: localhost/rebound.example'], 403],
    ['two ports', [GET, 'Host: localhost:80:81'], 403],
    ['an unclosed bracket', [GET, 'Host: [::1'], 403],
    ['a zone of an address', [GET, 'Host: [fe80::1%25eth0]'], 403],
    ['a letter that only looks like one', [GET, 'Host: loc\u00aalhost'], 403],
    ['an empty Host', [GET, 'Host:'], 403],
    ['no Host in HTTP/1.1', [GET], 400],
    ['a second Host', [GET, 'Host: localhost', 'Host: rebound.example'], 403],
    ['a second Host before', [GET, 'Host: rebound.example', 'Host: localhost'], 403],
    ['two names of this server', [GET, 'Host: localhost', 'Host: 127.0.0.1'], 403],
    [
      'an absolute target of another',
      [`GET http://rebound.example/v1/models HTTP/1.1`, 'Host: localhost'],
      403,
    ],
    ['an absolute target of nobody', [`GET http:///v1/models HTTP/1.1`, 'Host: localhost'], 400],
    ['a foreign name on a path that is none', ['GET /none HTTP/1.1', 'Host: rebound.example'], 403],
    ['a foreign name on a probe', ['GET /healthz HTTP/1.1', 'Host: rebound.example'], 403],

    ['a page of this machine', [GET, 'Host: localhost', 'Origin: http://localhost:3000'], 200],
    ['a page of elsewhere', [GET, 'Host: localhost', 'Origin: http://page.example'], 403],
    ['a sandboxed page or a file', [GET, 'Host: localhost', 'Origin: null'], 403],
    [
      'an extension of a browser',
      [GET, 'Host: localhost', 'Origin: chrome-extension://abcdef'],
      403,
    ],
    [
      'two origins',
      [GET, 'Host: localhost', 'Origin: http://localhost', 'Origin: http://page.example'],
      403,
    ],
    [
      'a rebound page: its name is Host and Origin alike',
      [GET, 'Host: rebound.example', 'Origin: http://rebound.example'],
      403,
    ],
    [
      'a preflight of elsewhere',
      [
        'OPTIONS /v1/models HTTP/1.1',
        'Host: localhost',
        'Origin: http://page.example',
        'Access-Control-Request-Method: GET',
      ],
      403,
    ],
    [
      'a websocket of elsewhere',
      [
        'GET /v1/models HTTP/1.1',
        'Host: localhost',
        'Origin: http://page.example',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Version: 13',
      ],
      403,
    ],
  ];
  for (const [title, lines, status] of attempts) {
    it(`${status === 200 ? 'answers' : 'refuses'} ${title}`, async () => {
      const isUpgrade = lines.some((line) => line.startsWith('Upgrade'));
      const connection = isUpgrade ? 'Connection: Upgrade' : CLOSE;
      const answer = await rawHttp(services.httpPort, [...lines, connection], { waitMs: 1000 });
      assert.equal(statusOf(answer), status, answer);
      assert.doesNotMatch(answer, /access-control-allow/i, 'no page is given leave');
      if (status !== 200) assert.doesNotMatch(answer, /hippocampus/, 'nothing is told');
    });
  }

  it('is no proxy: CONNECT is cut', async () => {
    const answer = await rawHttp(services.httpPort, [
      'CONNECT localhost:22 HTTP/1.1',
      'Host: localhost:22',
    ]);
    assert.notEqual(statusOf(answer), 200, answer);
  });

  it('names in a refusal nothing that was sent', async () => {
    const answer = await rawHttp(services.httpPort, [GET, 'Host: rebound.example', CLOSE]);
    assert.doesNotMatch(answer, /rebound/);
  });
});
