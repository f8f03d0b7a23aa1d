import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { devices } from '../index.ts';
import type { Target } from '../lib/native.ts';
import { availableTargets, forceTarget } from '../lib/target.ts';
import { difference, type ParityCases } from './parity.ts';

const ops = new URL('../ops/', import.meta.url);
const operations = readdirSync(ops, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

describe('parity of an operation', () => {
  after(() => forceTarget({}));

  it('says which targets are compared', () => {
    const { cuda } = devices();
    console.log(`      targets here: ${availableTargets().join(', ')}`);
    if (!cuda.available) console.log(`      CUDA is not compared here: ${cuda.reason}`);
    assert.ok(availableTargets().includes('baseline'));
    assert.ok(availableTargets().includes('emulated'));
  });

  it('is checked for every folder of ops/', () => {
    const without = operations.filter((name) => !existsSync(new URL(`${name}/cases.ts`, ops)));
    assert.deepEqual(without, [], 'an operation without cases.ts');
  });

  for (const operation of operations) {
    for (const target of availableTargets()) {
      it(`${operation}: ${target} gives what the reference gives`, async function () {
        this.timeout(120_000);
        const cases = await casesOf(operation);
        assert.ok(cases.length > 0, `${operation}/cases.ts has no cases`);
        const ran = await compare(cases, target);
        if (ran === 0) this.skip();
      });
    }

    it(`${operation}: one thread and five give the same`, async function () {
      this.timeout(120_000);
      for (const { name, run } of await casesOf(operation)) {
        forceTarget({ threads: 1 });
        const alone = await run();
        forceTarget({ threads: 5 });
        assert.equal(difference(alone, await run(), 0), undefined, name);
      }
    });
  }
});

async function casesOf(operation: string): Promise<ParityCases> {
  const file = new URL(`${operation}/cases.ts`, ops);
  const { cases } = (await import(fileURLToPath(file))) as { cases: ParityCases };
  return cases;
}

async function compare(cases: ParityCases, target: Target): Promise<number> {
  let ran = 0;
  const reasons = new Set<string>();
  forceTarget({ target });
  for (const { name, reference, run, tolerance = 0, without = {} } of cases) {
    const reason = without[target];
    if (reason !== undefined) {
      reasons.add(reason);
      continue;
    }
    assert.equal(difference(reference(), await run(), tolerance), undefined, name);
    ran++;
  }
  const left = ran === 0 ? 'SKIPPED: not' : 'not';
  for (const reason of reasons) console.log(`      ${left} on ${target}: ${reason}`);
  return ran;
}
