import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES } from '#host';
import { COMMANDS } from './commands.ts';
import { ROOT, runSextant } from './testing/run-sextant.ts';

describe('sextant', function () {
  this.timeout(30_000);

  it('tells its commands and every exit status', async () => {
    for (const words of [['--help'], []]) {
      const { status, stdout } = await runSextant(words);
      assert.equal(status, 0);
      for (const name of Object.keys(COMMANDS))
        assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
      for (const code of Object.values(EXIT_CODES)) {
        assert.match(stdout, new RegExp(`^ +${code}  \\w`, 'm'));
      }
    }
  });

  for (const name of Object.keys(COMMANDS)) {
    it(`tells every flag of ${name}, with examples that it knows the flags of`, async () => {
      const { status, stdout } = await runSextant([name, '--help']);
      assert.equal(status, 0);
      const command = await COMMANDS[name]?.load();
      assert.ok(command);
      for (const example of command.examples) assert.ok(stdout.includes(example), example);
      const flags = command.examples.join(' ').match(/ --?[a-z][a-z-]*/g) ?? [];
      for (const flag of flags) assert.match(stdout, new RegExp(`^ .*${flag}\\b`, 'm'), flag);
    });
  }

  it('tells the form of points, that their space can stand in the file, and what is replaced', async () => {
    const { stdout } = await runSextant(['annotate', '--help']);
    assert.match(stdout, /^Usage: .* --points POINTS \[--space SPACE\]/);
    assert.match(stdout, /\{"points": \[\[x, y, z\], \.\.\.\], "space": "ras"\}/);
    assert.equal(stdout.match(/a file that is there is replaced/g)?.length, 2);
    assert.match(stdout, /models\/engine_pool\.json/);
  });

  it('tells its version', async () => {
    const { stdout } = await runSextant(['--version']);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.equal(stdout.trim(), version);
  });

  const usage: [string, string[], RegExp][] = [
    ['an unknown command', ['anotate'], /"anotate".*did you mean annotate\?/],
    ['an unknown flag', ['models', '--jsn'], /--jsn.*did you mean --json\?/],
    ['an operand too many', ['models', 'here'], /only flags, got "here"/],
    ['no image', ['annotate'], /one IMAGE, or --session, got nothing/],
    ['points without quotes', ['annotate', 'a.nii', '--points', '1,2,3', '4,5,6'], /quotes/],
    [
      'no model',
      ['annotate', 'a.nii', '--points', '1,2,3', '--space', 'ras'],
      /--model.*sextant models/,
    ],
    ['no points', ['annotate', 'a.nii', '-m', 'any'], /--points.*\{"points": \[\[x, y, z\]/],
    ['a port that is none', ['serve', '--grpc-port', '70000'], /--grpc-port.*65535.*"70000"/],
  ];
  for (const [what, words, says] of usage) {
    it(`refuses ${what} with status 2`, async () => {
      const { status, stderr, stdout } = await runSextant(words);
      assert.equal(status, 2, stderr);
      assert.match(stderr, says);
      assert.equal(stdout, '');
    });
  }

  it('lists the models that are here', async () => {
    const { status, stdout, stderr } = await runSextant(['models', '--json']);
    assert.equal(status, 0, stderr);
    const { models } = JSON.parse(stdout);
    assert.ok(models.length > 0);
    for (const { name, engine, device, licence } of models) {
      assert.ok(name && engine === 'onnx' && device === 'cpu' && licence, name);
    }
  });
});
