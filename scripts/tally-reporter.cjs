// Mocha's spec reporter, which also writes {passed, failed, skipped} to the file of the option
// `tally`, so that several mocha runs can be summed into one closing line.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class TallyReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const tally = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(options.reporterOptions.tally, JSON.stringify(tally));
    });
  }
};
