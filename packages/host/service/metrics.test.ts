import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { watchEventLoop } from './event-loop-delay.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { absentText, openMetrics } from './metrics.ts';
import { METRICS, type MetricDeclaration } from './metrics-table.ts';

const DECLARED = Object.entries(METRICS) as [string, MetricDeclaration][];

describe('the table of metrics', () => {
  it("spells the conventions' names as Prometheus has them", () => {
    const told = DECLARED.flatMap(([name, { convention }]) =>
      convention === undefined ? [] : [[convention, name]],
    );
    assert.ok(told.length >= 5);
    for (const [convention = '', name] of told) {
      assert.equal(name, `${convention.replaceAll('.', '_')}_seconds`);
    }
  });

  it('has the names, labels and boundaries of the RPC conventions', () => {
    const { labels, buckets } = METRICS.rpc_server_call_duration_seconds;
    const attributes = ['rpc.system.name', 'rpc.method', 'rpc.status_code', 'error.type'];
    const spelt = attributes.map((name) => name.replaceAll('.', '_'));
    assert.deepEqual(labels, spelt);
    const client = METRICS.rpc_client_call_duration_seconds;
    assert.deepEqual(client.labels, [...spelt, 'server_address', 'server_port']);
    for (const own of [buckets, client.buckets]) {
      assert.deepEqual(
        own,
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      );
    }
  });

  it('tells the unit in the name, and says one line of each', () => {
    for (const [name, { unit, type, help }] of DECLARED) {
      assert.match(name, /^[a-z][a-z0-9_]*$/);
      if (unit.split(' ')[0] === 's') assert.match(name, /_seconds(_total)?$/);
      if (unit === 'bytes') assert.match(name, /_bytes$/);
      assert.equal(type === 'counter', name.endsWith('_total'), name);
      assert.doesNotMatch(help, /\n|\.$/);
    }
  });
});

describe('metrics', () => {
  it('have no value where reading fails, and all others', async () => {
    const metrics = openMetrics('gateway');
    metrics.read('sextant_store_sessions', () => {
      throw new Error('a store that is gone');
    });
    metrics.read('sextant_store_unfinished_uploads', async () => [{ value: 3 }]);
    try {
      const text = await metrics.text();
      assert.doesNotMatch(text, /^sextant_store_sessions/m);
      assert.match(text, /^sextant_store_unfinished_uploads\{service="gateway"\} 3$/m);
      assert.match(text, /^process_resident_memory_bytes\{service="gateway"\} \d{7,}$/m);
      assert.match(text, /^process_open_fds\{service="gateway"\} [1-9]\d*$/m);
    } finally {
      metrics.close();
    }
  });

  it('forget what is no longer read, and do not add up', async () => {
    const metrics = openMetrics('inference');
    let models = ['a', 'b'];
    metrics.read('sextant_queue_waiting_calls', () =>
      models.map((model) => ({ labels: { model }, value: 2 })),
    );
    try {
      await metrics.text();
      models = ['b'];
      const lines = (await metrics.text())
        .split('\n')
        .filter((line) => /^sextant_queue/.test(line));
      assert.deepEqual(lines, ['sextant_queue_waiting_calls{model="b",service="inference"} 2']);
    } finally {
      metrics.close();
    }
  });

  it('of several processes stand under one description each', async () => {
    const one = '# HELP a A\n# TYPE a gauge\na{service="x"} 1\n\n# HELP b B\n# TYPE b gauge\nb 1\n';
    const two =
      '# HELP a Other words\n# TYPE a gauge\na{service="y"} 2\n\n# HELP c C\n# TYPE c gauge\n';
    assert.equal(
      mergeMetrics([one, two]),
      '# HELP a A\n# TYPE a gauge\na{service="x"} 1\na{service="y"} 2\n\n# HELP b B\n# TYPE b gauge\nb 1\n\n# HELP c C\n# TYPE c gauge\n',
    );
    assert.match(await absentText('inference'), /^sextant_service_up\{service="inference"\} 0$/m);
  });
});

describe("the event loop's delay", () => {
  const block = (ms: number) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };

  it('is told without the pace of its own timer', async () => {
    const watch = watchEventLoop({ windowMs: 150 });
    let told = watch.read();
    // It is 10 ms or more in every window when the pace is not taken off; a busy machine has a quiet one.
    for (let i = 0; i < 20 && !(told.p50 > 0 && told.p50 < 0.008); i++) {
      await delay(200);
      told = watch.read();
    }
    watch.stop();
    assert.ok(told.p50 < 0.008, `${told.p50} s of an idle loop`);
    assert.ok(told.max >= told.p50);
  });

  it('tells a pause at once, in the window and the one after, and then no more', async () => {
    const watch = watchEventLoop({ windowMs: 1000 });
    await delay(50);
    block(600);
    await delay(30);
    const { max, p50 } = watch.read();
    assert.ok(max >= 0.55 && p50 < max, `${max} s, median ${p50}`);
    assert.ok(watch.read().max >= max, 'reading changes nothing');
    await delay(500);
    assert.ok(watch.read().max >= 0.55, 'the last window');
    await delay(2100);
    const later = watch.read().max;
    watch.stop();
    assert.ok(later < 0.55, `${later} s two windows later`);
  });
});
