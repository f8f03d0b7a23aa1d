import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '#errors';
import { SETTINGS, type Setting } from '#host';
import { declaredLimits } from './declared-limits.ts';
import { limitsPage } from './limits-page.ts';

const { limits, undeclared } = declaredLimits();
const settings: readonly Setting[] = Object.values(SETTINGS);

/** What else than a reason may come: of gRPC itself, of HTTP, and where nothing is refused. */
const OUTCOMES =
  /^(RESOURCE_EXHAUSTED|ENHANCE_YOUR_CALM|HTTP \d{3}|cut|waits|answered|shortened|replaced)\b/;

describe('docs/LIMITS.md', () => {
  it('says what the declarations say (npm run docs writes it anew)', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/LIMITS.md'), 'utf8');
    assert.equal(page, limitsPage());
  });
});

describe('declarations of limits', () => {
  it('are complete: @beyond tells what happens, @internal that nobody outside can exceed it', () => {
    const told = undeclared.map(({ path, name, missing }) => `${path}: ${name} lacks ${missing}`);
    assert.deepEqual(told, []);
  });

  it('have names of their own', () => {
    const names = limits.filter(({ beyond }) => beyond !== undefined).map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
  });

  it('begin what happens with a reason, a status, or a word of a closed list', () => {
    for (const { name, beyond } of limits) {
      if (beyond === undefined) continue;
      const [word = ''] = beyond.split(/[\s,:]/);
      assert.ok(Object.hasOwn(REASONS, word) || OUTCOMES.test(beyond), `${name}: ${beyond}`);
    }
  });

  it('name flags that are there and have the same default, where they have one', () => {
    for (const { name, flag, value } of limits) {
      if (flag === undefined) continue;
      const setting = settings.find((own) => `--${own.name}` === flag);
      assert.ok(setting, `${name}: ${flag}`);
      // A part of the machine is no default that a table could hold.
      if (setting.default === undefined) continue;
      // Hours are declared in milliseconds, where a clock needs them; seconds as such.
      const unit = setting.unit === 'hours' ? 3_600_000 : 1;
      assert.equal(Number(setting.default) * unit, value, `${name} and the default of ${flag}`);
    }
  });

  it('cover the settings that bound what a caller may do', () => {
    const flags = new Set(limits.map(({ flag }) => flag));
    const without = settings.filter(
      ({ name, type }) => type.placeholder === 'SIZE' && !flags.has(`--${name}`),
    );
    assert.deepEqual(
      without.map(({ name }) => name),
      [],
    );
  });
});
