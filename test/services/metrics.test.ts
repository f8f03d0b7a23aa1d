import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, credentials, status } from '@grpc/grpc-js';
import { METRICS, type MetricDeclaration } from '#host/service';
import { PointSpace } from '#proto/sextant/v1/annotation';
import type { UploadVolumeRequest } from '#proto/sextant/v1/volume';
import { niftiFile } from '../../cli/testing/nifti-file.ts';
import { isOfThisMachine } from '../../services/gateway/src/metrics-route.ts';
import { parseScrape, type ScrapedSample } from './prometheus-text.ts';
import { CLICKS, SAMPLE, type Services, startServices, uploadMessages } from './running.ts';

const MODEL = 'annotation_hippocampus';
const CALLS = 'rpc_server_call_duration_seconds';

describe('/metrics', () => {
  let services: Services;
  before(async () => {
    services = await startServices();
  });
  after(() => services?.stop());

  async function scrape() {
    const answer = await fetch(`${services.http}/metrics`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    return parseScrape(await answer.text());
  }

  type Scrape = Awaited<ReturnType<typeof scrape>>;

  function samples(scraped: Scrape, name: string, labels: Record<string, string>) {
    const family = scraped.get(name.replace(/_(count|sum|bucket)$/, '')) ?? assert.fail(name);
    const has = (sample: ScrapedSample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
    return family.samples.filter((sample) => sample.name === name && has(sample));
  }

  const sum = (scraped: Scrape, name: string, labels: Record<string, string> = {}) =>
    samples(scraped, name, labels).reduce((total, { value }) => total + value, 0);
  const callsOf = (scraped: Scrape, method: string, code: string, service = 'gateway') =>
    sum(scraped, `${CALLS}_count`, { rpc_method: method, rpc_status_code: code, service });

  /** A call is counted when its stream is closed, a moment after its answer. */
  async function counted(method: string, code: string, atLeast: number, service?: string) {
    for (let i = 0; i < 200; i++) {
      const found = callsOf(await scrape(), method, code, service);
      if (found >= atLeast) return found;
      await delay(10);
    }
    return callsOf(await scrape(), method, code, service);
  }

  async function click(sessionId: string, options: { signal?: AbortSignal } = {}) {
    const request = {
      sessionId,
      model: MODEL,
      points: CLICKS,
      space: PointSpace.POINT_SPACE_INDEX,
    };
    for await (const _ of services.annotations.annotate(request, options));
  }

  /** The status of a call made past our own client. */
  async function raw(path: string, message: Uint8Array, timeoutMs = 5000): Promise<string> {
    const client = new Client(services.address, credentials.createInsecure());
    const plain = (bytes: Uint8Array) => Buffer.from(bytes);
    const code = await new Promise<number>((resolve) => {
      const deadline = Date.now() + timeoutMs;
      client.makeUnaryRequest(path, plain, plain, message, { deadline }, (error) =>
        resolve(error?.code ?? status.OK),
      );
    });
    client.close();
    return status[code] ?? '';
  }

  it('has every metric of the table for each process that it is measured in, and none besides', async () => {
    const sessionId = await services.open(SAMPLE);
    await click(sessionId);
    // Its first call is the scrape itself.
    await counted('sextant.v1.MetricsService/ReadMetrics', 'OK', 1, 'data-convert');
    const scraped = await scrape();
    assert.deepEqual([...scraped.keys()].sort(), Object.keys(METRICS).sort());
    for (const [name, declared] of Object.entries(METRICS) as [string, MetricDeclaration][]) {
      const family = scraped.get(name) ?? assert.fail(name);
      assert.equal(family.type, declared.type, name);
      const label = (key: string) => new Set(family.samples.map(({ labels }) => labels[key]));
      // Nothing was asked over HTTP before the very first scrape.
      if (name !== 'http_server_request_duration_seconds') {
        assert.deepEqual([...label('service')].sort(), [...declared.services].sort(), name);
      }
      const known = new Set([...declared.labels, 'service', 'le']);
      for (const { labels } of family.samples) {
        for (const key of Object.keys(labels)) assert.ok(known.has(key), `${name}: ${key}`);
      }
    }
  });

  it('can be read while clicks and uploads run, and its counts are those of the calls', async () => {
    const file = niftiFile({ dims: [128, 128, 80] });
    const sessionId = await services.open(SAMPLE);
    const method = {
      click: 'sextant.v1.AnnotationService/Annotate',
      upload: 'sextant.v1.VolumeService/UploadVolume',
      run: 'sextant.v1.InferenceService/RunAnnotation',
    };
    await counted(method.upload, 'OK', 1);
    const before = await scrape();
    let running = true;
    const scraping = (async () => {
      let scrapes = 0;
      for (; running; scrapes++) await scrape();
      return scrapes;
    })();
    await Promise.all([
      ...Array.from({ length: 6 }, () => click(sessionId)),
      ...Array.from({ length: 3 }, () => services.upload(file)),
    ]);
    running = false;
    assert.ok((await scraping) > 2, 'scraped meanwhile');
    const more = async (name: string, count: number, service = 'gateway') => {
      const was = callsOf(before, name, 'OK', service);
      assert.equal((await counted(name, 'OK', was + count, service)) - was, count, name);
    };
    await more(method.click, 6);
    await more(method.upload, 3);
    await more(method.run, 6, 'inference');
    const after = await scrape();
    const made = { rpc_method: method.run, rpc_status_code: 'OK', server_address: '127.0.0.1' };
    const client = 'rpc_client_call_duration_seconds_count';
    assert.equal(sum(after, client, made) - sum(before, client, made), 6, 'calls to inference');
    for (const stage of [
      'queue',
      'decode',
      'resample',
      'transform',
      'infer',
      'restore',
      'encode',
    ]) {
      const labels = { model: MODEL, stage };
      const name = 'sextant_stage_duration_seconds_count';
      assert.equal(sum(after, name, labels) - sum(before, name, labels), 6, stage);
    }
    const seconds = sum(after, `${CALLS}_sum`, { rpc_method: method.click });
    const inferring = sum(after, 'sextant_stage_duration_seconds_sum', { stage: 'infer' });
    assert.ok(
      inferring > 0 && seconds > inferring,
      `${seconds} s of clicks, ${inferring} s inferring`,
    );
  });

  it('tells what the store and the cache hold and who waits', async () => {
    const before = await scrape();
    const file = niftiFile({ dims: [64, 64, 64], voxel: (at) => at % 97 });
    const { uploadId } = await services.volumes.createUpload({ sizeBytes: file.length });
    const promised = await scrape();
    const more = (after: Scrape, name: string, labels: Record<string, string> = {}) =>
      sum(after, name, labels) - sum(before, name, labels);
    assert.equal(more(promised, 'sextant_store_bytes', { state: 'promised' }), file.length);
    assert.equal(more(promised, 'sextant_store_unfinished_uploads'), 1);
    const { receipt } = await services.volumes.uploadVolume(uploadMessages(uploadId, file));
    const { session } = await services.sessions.createSession({ receipt });
    const stored = await scrape();
    assert.equal(more(stored, 'sextant_store_bytes', { state: 'promised' }), 0);
    assert.equal(more(stored, 'sextant_store_bytes', { state: 'stored' }), file.length);
    assert.equal(more(stored, 'sextant_store_unfinished_uploads'), 0);
    assert.equal(more(stored, 'sextant_store_sessions'), 1);
    assert.equal(sum(stored, 'sextant_store_limit_bytes'), 1024 ** 3);

    const sessionId = session?.sessionId ?? '';
    const clicks = Promise.all(Array.from({ length: 5 }, () => click(sessionId).catch(() => {})));
    let most = 0;
    for (let i = 0; i < 100 && most < 2; i++) {
      most = Math.max(most, sum(await scrape(), 'sextant_queue_waiting_calls', { model: MODEL }));
    }
    assert.ok(most >= 2 && most <= 4, `${most} of 5 clicks waited`);
    await clicks;
    const done = await scrape();
    assert.equal(sum(done, 'sextant_queue_waiting_calls'), 0);
    assert.equal(sum(done, 'sextant_queue_running_calls'), 0);
    assert.ok(more(done, 'sextant_volume_cache_bytes') >= 64 ** 3, 'the volume is resident');
  });

  it('counts what conversion makes, and the calls made to it at its own address', async () => {
    const header = [
      'ObjectType = Image',
      'NDims = 3',
      'DimSize = 4 4 2',
      'ElementType = MET_UCHAR',
      'ElementDataFile = LOCAL\n',
    ].join('\n');
    const whole = Buffer.concat([Buffer.from(header), Buffer.alloc(32, 7)]);
    const before = await scrape();
    await services.upload(whole);
    await services.upload(whole.subarray(0, whole.length - 1)).catch(() => undefined);
    const after = await scrape();
    const more = (name: string, labels: Record<string, string> = {}) =>
      sum(after, name, labels) - sum(before, name, labels);
    assert.equal(more('sextant_conversion_volumes_total', { outcome: 'converted' }), 1);
    assert.equal(more('sextant_conversion_volumes_total', { outcome: 'failed' }), 1);
    assert.equal(more('sextant_conversion_received_bytes_total'), 2 * whole.length - 1);
    assert.equal(sum(after, 'sextant_conversions_running'), 0);
    const convert = 'sextant.v1.ConversionService/Convert';
    const port = services.convertAddress.split(':')[1] ?? '';
    const made = { rpc_method: convert, server_port: port };
    assert.ok(more('rpc_client_call_duration_seconds_count', made) >= 2);
  });

  it('counts calls that the library refuses by itself, without naming what callers make up', async () => {
    const upload = 'sextant.v1.VolumeService/CreateUpload';
    assert.equal(await raw('/sextant.v1.VolumeService/Hack-1', Buffer.alloc(1)), 'UNIMPLEMENTED');
    assert.equal(await raw('/evil"}\\/secret-2', Buffer.alloc(1)), 'UNIMPLEMENTED');
    assert.equal(await raw(`/${upload}`, new Uint8Array(5 * 1024 ** 2)), 'RESOURCE_EXHAUSTED');
    assert.equal(await counted('_OTHER', 'UNIMPLEMENTED', 2), 2);
    assert.equal(await counted(upload, 'RESOURCE_EXHAUSTED', 1), 1);
    const scraped = await scrape();
    for (const { labels } of scraped.get(CALLS)?.samples ?? []) {
      assert.doesNotMatch(JSON.stringify(labels), /hack|secret|evil/i);
      const isError = labels.rpc_status_code === 'UNIMPLEMENTED';
      if (isError) assert.equal(labels.error_type, 'UNIMPLEMENTED');
      if (labels.rpc_status_code === 'RESOURCE_EXHAUSTED') assert.ok(!('error_type' in labels));
      assert.equal(labels.rpc_system_name, 'grpc');
    }
    const refused = services.lines.filter(({ method: m }) => m === 'unknown method');
    assert.deepEqual(
      refused.map((line) => line.status),
      ['UNIMPLEMENTED', 'UNIMPLEMENTED'],
    );
    assert.doesNotMatch(JSON.stringify(services.lines), /Hack-1|secret-2/);
    const large = services.lines.filter(({ status: s }) => s === 'RESOURCE_EXHAUSTED');
    assert.deepEqual(
      large.map(({ method: m, reason }) => [m, reason]),
      [[`/${upload}`, 'LIMIT_EXCEEDED']],
    );
  });

  it('tells a deadline from a cancel', async () => {
    const method = 'sextant.v1.VolumeService/UploadVolume';
    const stuck = async function* (): AsyncGenerator<UploadVolumeRequest> {
      const { uploadId } = await services.volumes.createUpload({ sizeBytes: 1000 });
      yield { part: { $case: 'header', value: { uploadId, offsetBytes: 0 } } };
      await delay(60_000, undefined, { ref: false });
    };
    const late = services.volumes.uploadVolume(stuck(), { deadlineMs: 300 });
    await assert.rejects(late, { reason: 'DEADLINE_EXCEEDED' });
    assert.equal(await counted(method, 'DEADLINE_EXCEEDED', 1), 1);
    assert.equal(callsOf(await scrape(), method, 'CANCELLED'), 0);
    const controller = new AbortController();
    const { signal } = controller;
    const cancelled = services.volumes.uploadVolume(stuck(), { signal, deadlineMs: 60_000 });
    setTimeout(() => controller.abort(), 200);
    await assert.rejects(cancelled, { reason: 'CANCELLED' });
    assert.equal(await counted(method, 'CANCELLED', 1), 1);
    assert.equal(callsOf(await scrape(), method, 'DEADLINE_EXCEEDED'), 1);
    const told = services.lines
      .filter((line) => line.method === `/${method}` && line.status !== 'OK')
      .map((line) => [line.status, line.reason]);
    assert.deepEqual(told, [
      ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
      ['CANCELLED', 'CANCELLED'],
    ]);
  });

  it('counts requests of HTTP by route, and makes no name of a path or a method', async () => {
    await fetch(`${services.http}/no/such/path-3`);
    await fetch(`${services.http}/v1/models?model=nobody`);
    const scraped = await scrape();
    const name = 'http_server_request_duration_seconds_count';
    const labels = { http_route: '/v1/models', http_response_status_code: '404' };
    assert.equal(sum(scraped, name, labels), 1);
    assert.ok(sum(scraped, name, { http_route: '/metrics' }) > 0);
    const text = JSON.stringify([...scraped]);
    assert.doesNotMatch(text, /path-3|nobody/);
  });

  it('has no id and no path of an image among its labels, and is no line in the log', async () => {
    const { volumeId, receipt } = await services.upload(SAMPLE);
    const { session } = await services.sessions.createSession({ receipt });
    await click(session?.sessionId ?? '');
    services.lines.length = 0;
    const text = JSON.stringify([...(await scrape())]);
    for (const secret of [volumeId, receipt, session?.sessionId ?? '', services.data]) {
      assert.ok(!text.includes(secret), secret);
      assert.ok(!text.includes(secret.slice(0, 8)), secret);
    }
    assert.deepEqual(services.lines, []);
  });

  it('is for programs of this machine only', async () => {
    const asked = (remoteAddress: string, headers: Record<string, string> = {}) =>
      isOfThisMachine({ headers, socket: { remoteAddress } } as Parameters<
        typeof isOfThisMachine
      >[0]);
    for (const near of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) {
      assert.ok(asked(near), near);
      assert.ok(!asked(near, { 'x-forwarded-for': '127.0.0.1' }), 'what came through a proxy');
      assert.ok(!asked(near, { forwarded: 'for=127.0.0.1' }), 'what came through a proxy');
    }
    for (const far of ['', '10.0.0.7', '192.168.1.1', '::ffff:10.0.0.7', 'fe80::1', '128.0.0.1']) {
      assert.ok(!asked(far), far);
    }
    const through = await fetch(`${services.http}/metrics`, {
      headers: { 'x-forwarded-for': '::1' },
    });
    const missing = await fetch(`${services.http}/nothing`);
    assert.equal(through.status, 404);
    assert.equal(await through.text(), await missing.text(), 'as if it were not there');
    const foreign = await fetch(`${services.http}/metrics`, {
      headers: { origin: 'http://evil.example' },
    });
    assert.equal(foreign.status, 403);
  });
});

describe('/metrics of a server that other machines can reach', () => {
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((own) => own !== undefined && own.family === 'IPv4' && !own.internal)?.address;
  let services: Services;
  before(async function () {
    if (outer === undefined) {
      console.log('      SKIPPED: this machine has no address besides loopback');
      this.skip();
    }
    services = await startServices({ listen: '0.0.0.0' });
  });
  after(() => services?.stop());

  it('is there on loopback and not on its other addresses', async () => {
    const near = await fetch(`http://127.0.0.1:${services.httpPort}/metrics`);
    assert.equal(near.status, 200);
    parseScrape(await near.text());
    const far = await fetch(`http://${outer}:${services.httpPort}/metrics`);
    assert.equal(far.status, 404);
    const there = await fetch(`http://${outer}:${services.httpPort}/healthz`);
    assert.equal(there.status, 200);
  });
});

describe('/metrics without the inference service', () => {
  let services: Services;
  before(async () => {
    services = await startServices();
  });
  after(() => services?.stop());

  it("has the gateway's values and says that the service is down", async () => {
    await services.stopInference();
    const answer = await fetch(`${services.http}/metrics`);
    assert.equal(answer.status, 200);
    const scraped = parseScrape(await answer.text());
    const up = scraped.get('sextant_service_up')?.samples ?? [];
    assert.deepEqual(
      up.map(({ labels, value }) => [labels.service, value]),
      [
        ['gateway', 1],
        ['inference', 0],
        ['data-convert', 1],
      ],
    );
    assert.equal(scraped.get('sextant_store_sessions')?.samples.length, 1);
  });
});
