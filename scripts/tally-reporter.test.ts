import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MOCHA = join(import.meta.dirname, '../node_modules/mocha/bin/mocha.js');
const REPORTER = join(import.meta.dirname, 'tally-reporter.cjs');

const TESTS = `
describe('a suite', () => {
  it('passes', () => {});
  it('fails', () => { throw new Error('as it must'); });
  it('needs something', function () {
    console.log('      SKIPPED: something is missing');
    this.skip();
  });
  it('passes again', () => {});
  it.skip('says nothing', () => {});
});
describe('a suite that needs a folder', () => {
  before(function () {
    console.log('      skipped: the folder is missing');
    this.skip();
  });
  it('one', () => {});
  it('two', () => {});
});
`;

describe('the tally', () => {
  it('counts, and has a reason for every skipped test', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sextant-tally-'));
    try {
      const [tests, tally] = [join(folder, 'some.test.cjs'), join(folder, 'tally.json')];
      writeFileSync(tests, TESTS);
      const args = [MOCHA, tests, '--no-config', '--reporter', REPORTER];
      spawnSync(process.execPath, [...args, '--reporter-option', `tally=${tally}`]);
      assert.deepEqual(JSON.parse(readFileSync(tally, 'utf8')), {
        passed: 2,
        failed: 1,
        skipped: 4,
        reasons: [
          'something is missing',
          'no reason told: a suite says nothing',
          'the folder is missing',
          'the folder is missing',
        ],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
