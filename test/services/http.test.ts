import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Services, startServices } from './running.ts';

interface Answer {
  statusLine: string;
  headers: Map<string, string>;
  body: string;
}

describe('the old wire: /v1/models', () => {
  let services: Services;
  before(async () => {
    services = await startServices();
  });
  after(() => services?.stop());

  /** Bytes as old clients send and see them, reason phrase included. */
  async function raw(head: readonly string[]): Promise<Answer> {
    const socket = connect(services.httpPort, '127.0.0.1');
    await once(socket, 'connect');
    socket.write([...head, 'Connection: close', '', ''].join('\r\n'));
    const [before = '', ...rest] = (await text(socket)).split('\r\n\r\n');
    const [statusLine = '', ...lines] = before.split('\r\n');
    const headers = new Map(
      lines.map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
    );
    return { statusLine, headers, body: rest.join('\r\n\r\n') };
  }

  const get = (target: string, ...more: string[]) =>
    raw([`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1:5000', ...more]);
  const namesAt = async (target: string) =>
    JSON.parse((await get(target)).body).map(({ name }: { name: string }) => name);
  const BOTH = ['annotation_hippocampus', 'annotation_any'];

  it('answers a pretty-printed array of the objects that every client can read', async () => {
    const { statusLine, headers, body } = await get('/v1/models');
    assert.equal(statusLine, 'HTTP/1.1 200 OK');
    assert.equal(headers.get('content-type'), 'application/json');
    assert.equal(headers.get('content-length'), String(Buffer.byteLength(body)));
    assert.ok(body.startsWith('[\n  {\n    "name": '), body.slice(0, 40));
    const models = JSON.parse(body);
    for (const { description } of models) assert.ok(description.length > 0, 'a description');
    const both = {
      'internal name': 'Dextr3dCroppedEngine',
      version: '1',
      type: 'annotation',
      roi: [48, 48, 48],
      sigma: 3,
    };
    const described = models.map(({ description }: { description: string }) => ({
      description,
      decription: description,
    }));
    // A padding that is a fraction of the object has no word on the old wire.
    assert.deepEqual(models, [
      { name: BOTH[0], labels: ['hippocampus'], padding: 6, ...both, ...described[0] },
      { name: BOTH[1], labels: ['structure'], ...both, ...described[1] },
    ]);
  });

  it('answers under each path that a client may join together', async () => {
    for (const path of ['/v1/models', '/v1/models/', '/models', '/v1/v1/models']) {
      assert.deepEqual(await namesAt(path), BOTH, path);
    }
  });

  it('filters by label, by type, by both, and ignores other keys', async () => {
    assert.deepEqual(await namesAt('/v1/models?label=Left+Hippocampus'), [
      'annotation_hippocampus',
    ]);
    assert.deepEqual(await namesAt('/v1/models?label=left%20hippocampus'), [
      'annotation_hippocampus',
    ]);
    assert.deepEqual(await namesAt('/v1/models?label=HIPPO&type=annotation'), [
      'annotation_hippocampus',
    ]);
    assert.deepEqual(await namesAt('/v1/models?type=annotation&x=1'), BOTH);
    assert.deepEqual(await namesAt('/v1/models?label=spleen'), []);
    for (const type of ['segmentation', 'deepgrow', 'classification', 'others']) {
      assert.deepEqual(await namesAt(`/v1/models?type=${type}`), [], type);
    }
  });

  it('answers one object for one name', async () => {
    const { body } = await get('/v1/models?model=annotation_any');
    assert.equal(JSON.parse(body).name, 'annotation_any');
    const encoded = await get('/v1/models/?model=annotation%5Fany');
    assert.equal(JSON.parse(encoded.body).name, 'annotation_any');
  });

  it('says Model Not Found in the reason phrase and the body', async () => {
    const { statusLine, headers, body } = await get('/v1/models?model=annotation_ani');
    assert.equal(statusLine, 'HTTP/1.1 404 Model Not Found');
    assert.equal(headers.get('content-type'), 'application/json');
    const { success, error } = JSON.parse(body);
    assert.equal(success, false);
    assert.equal(error.type, 'MODEL_UNKNOWN');
    assert.match(error.message, /annotation_any/);
    assert.ok(body.endsWith('}\n'), body);
  });

  it('answers HTTP/1.0 and HEAD', async () => {
    const old = await raw(['GET /v1/models HTTP/1.0', 'Host: 127.0.0.1:5000']);
    assert.match(old.statusLine, / 200 OK$/);
    assert.equal(JSON.parse(old.body).length, 2);
    const bare = await raw(['GET /v1/models HTTP/1.0']);
    assert.match(bare.statusLine, / 200 OK$/);
    const head = await raw(['HEAD /v1/models HTTP/1.1', 'Host: localhost:5000']);
    assert.match(head.statusLine, / 200 OK$/);
    assert.equal(head.body, '');
  });

  it('tells unknown paths from wrong methods, with a JSON body', async () => {
    const missing = await get('/v1/modles');
    assert.equal(missing.statusLine, 'HTTP/1.1 404 Not Found');
    assert.equal(JSON.parse(missing.body).success, false);
    const post = await raw(['POST /v1/models/ HTTP/1.1', 'Host: localhost', 'Content-Length: 0']);
    assert.equal(post.statusLine, 'HTTP/1.1 405 Method Not Allowed');
    assert.equal(JSON.parse(post.body).success, false);
    const odd = await get('/v1/models?model=%E0%A4%A');
    assert.match(odd.statusLine, / 404 /);
  });

  it('refuses foreign hosts and pages', async () => {
    const rebound = await raw(['GET /v1/models HTTP/1.1', 'Host: evil.example:5000']);
    assert.equal(rebound.statusLine, 'HTTP/1.1 403 Forbidden');
    const near = await raw(['GET /v1/models HTTP/1.1', 'Host: localhost.evil.example']);
    assert.equal(near.statusLine, 'HTTP/1.1 403 Forbidden');
    for (const origin of ['http://evil.example', 'null', 'http://6.6.6.6']) {
      const page = await get('/v1/models', `Origin: ${origin}`);
      assert.equal(page.statusLine, 'HTTP/1.1 403 Forbidden', origin);
    }
    for (const origin of ['http://127.0.0.1:3030', 'http://localhost:8042']) {
      const page = await get('/v1/models', `Origin: ${origin}`);
      assert.equal(page.statusLine, 'HTTP/1.1 200 OK', origin);
    }
  });

  it('tells probes whether it serves', async () => {
    const { statusLine, body } = await get('/healthz');
    assert.equal(statusLine, 'HTTP/1.1 200 OK');
    assert.deepEqual(JSON.parse(body), { serving: true });
  });
});
