import assert from 'node:assert/strict';
import { helpText } from './settings-help.ts';
import { SETTINGS, type Setting, type SettingName } from './settings-table.ts';

const ALL = Object.entries(SETTINGS) as [SettingName, Setting][];

describe('the settings table', () => {
  it('has names that follow from their ids', () => {
    for (const [id, { name, onlyFlag }] of ALL) {
      // The flag of one command may mean something else in another.
      if (onlyFlag) continue;
      assert.equal(
        name,
        id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      );
    }
  });

  it('has defaults that their own types take', () => {
    for (const [, { name, type, default: value }] of ALL) {
      if (value === undefined) continue;
      assert.equal(type.read(value), value, name);
    }
  });

  it('is told whole by --help', () => {
    const help = helpText({ usage: 'x', summary: 'y', settings: ALL.map(([id]) => id) });
    for (const [, { name, help: sentence }] of ALL) {
      assert.ok(help.includes(`--${name}`) && help.includes(sentence), name);
    }
    assert.match(help, /--volume-limit SIZE +SEXTANT_VOLUME_LIMIT\n.*\n.*default 4GiB/);
  });
});
