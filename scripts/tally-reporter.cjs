// Mocha's spec reporter, which also writes {passed, failed, skipped, reasons} to the file of the
// option `tally`, so that several mocha runs can be summed into one closing line. `reasons` has one
// for every skipped test: the line "SKIPPED: why" that it, or the hook before it, has logged.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

const LOGGED = /^\s*skipped: (.+)/i;

module.exports = class TallyReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const reasons = [];
    let reason;
    const { log } = console;
    runner.once('start', () => {
      console.log = (...words) => {
        reason = LOGGED.exec(String(words[0]))?.[1] ?? reason;
        log(...words);
      };
    });
    // A hook's reason counts for every test behind it, until one runs again.
    for (const outcome of ['pass', 'fail']) {
      runner.on(outcome, () => {
        reason = undefined;
      });
    }
    runner.on('pending', (test) => reasons.push(reason ?? `no reason told: ${test.fullTitle()}`));
    runner.once('end', () => {
      console.log = log;
      const { passes, failures, pending } = this.stats;
      const tally = { passed: passes, failed: failures, skipped: pending, reasons };
      writeFileSync(options.reporterOptions.tally, JSON.stringify(tally));
    });
  }
};
