import assert from 'node:assert/strict';

/** A sample as a scrape has it. */
export interface ScrapedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ScrapedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ScrapedSample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/;

/**
 * Reads Prometheus' text format 0.0.4 and is strict about it: every sample belongs to the description
 * that it stands under, a metric has one description, no sample comes twice, and a histogram's buckets
 * rise to its count.
 */
export function parseScrape(text: string): Map<string, ScrapedFamily> {
  assert.ok(text.endsWith('\n'), 'the last line has an end');
  const families = new Map<string, ScrapedFamily & { samples: ScrapedSample[] }>();
  let current: string | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, word, name, rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP' && name !== undefined) {
      assert.ok(!families.has(name), `${name} is described twice`);
      families.set(name, { type: '', help: rest, samples: [] });
      current = name;
    } else if (word === 'TYPE') {
      assert.equal(name, current, 'a type stands under its description');
      const family = families.get(current ?? '') ?? assert.fail(line);
      families.set(current ?? '', { ...family, type: rest });
    } else {
      const sample = parseSample(line);
      const family = families.get(current ?? '') ?? assert.fail(`no description: ${line}`);
      assertBelongs(sample, current ?? '', family.type);
      family.samples.push(sample);
    }
  }
  for (const [name, family] of families) assertWhole(name, family);
  return families;
}

function parseSample(line: string): ScrapedSample {
  const [, name, inner = '', number] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = inner; rest !== ''; ) {
    const [whole, key = '', value = ''] = LABEL.exec(rest) ?? assert.fail(`no label: ${rest}`);
    assert.ok(!(key in labels), `${key} twice: ${line}`);
    labels[key] = value;
    rest = rest.slice(whole.length);
  }
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  assert.ok(!Number.isNaN(value), `no number: ${line}`);
  return { name: name ?? '', labels, value };
}

function assertBelongs({ name }: ScrapedSample, family: string, type: string): void {
  const names =
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => family + end) : [family];
  assert.ok(names.includes(name), `${name} stands under ${family}`);
}

function assertWhole(name: string, { type, samples }: ScrapedFamily): void {
  assert.match(type, /^(counter|gauge|histogram)$/, name);
  const keys = samples.map((sample) => sample.name + JSON.stringify(sortedLabels(sample)));
  assert.equal(new Set(keys).size, keys.length, `${name} has a sample twice`);
  if (type !== 'histogram') return;
  const counts = samples.filter((sample) => sample.name.endsWith('_count'));
  let bucketCount = 0;
  for (const count of counts) {
    const own = samples.filter(
      (sample) => sample.name.endsWith('_bucket') && seriesOf(sample) === seriesOf(count),
    );
    bucketCount += own.length;
    const values = own.map(({ value }) => value);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
      `${name}: buckets rise`,
    );
    assert.equal(own.at(-1)?.labels.le, '+Inf', name);
    assert.equal(values.at(-1), count.value, `${name}: the last bucket is the count`);
  }
  const all = samples.filter((sample) => sample.name.endsWith('_bucket')).length;
  assert.equal(bucketCount, all, `${name}: a count for each series`);
}

function seriesOf(sample: ScrapedSample): string {
  return JSON.stringify(sortedLabels(sample).filter(([key]) => key !== 'le'));
}

function sortedLabels({ labels }: ScrapedSample): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}
