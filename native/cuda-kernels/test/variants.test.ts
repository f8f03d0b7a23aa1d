import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../build/native/cuda-kernels/', import.meta.url));
const objects = (variant: string) => {
  const folder = `${root}CMakeFiles/sextant_${variant}.dir/`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.o'))
    .map((file) => folder + file);
};

/** Symbols that the linker may merge across objects, without those in a variant's own namespace. */
function mergeable(variant: string): Set<string> {
  const lines = execFileSync('nm', ['-C', ...objects(variant)], { encoding: 'utf8' }).split('\n');
  const symbols = lines.flatMap((line) => /^[0-9a-f]{8,} [WVu] (.+)$/.exec(line)?.[1] ?? []);
  return new Set(symbols.filter((name) => !name.includes(`::${variant}::`)));
}

/**
 * An inline function that two variants emit under one name is kept once. The first one linked wins: it
 * has to be the baseline's, or a machine without AVX runs AVX code.
 */
describe('CPU variants', () => {
  before(function () {
    if (objects('avx2').length === 0 || objects('baseline').length === 0) {
      console.log('      skipped: no x86-64 build in native/cuda-kernels/build');
      this.skip();
    }
  });

  for (const variant of ['avx2', 'avx512']) {
    it(`${variant} emits no shared function that the baseline does not emit too`, () => {
      const baseline = mergeable('baseline');
      assert.deepEqual(
        [...mergeable(variant)].filter((name) => !baseline.has(name)),
        [],
      );
    });
  }

  it("link the baseline's objects first", () => {
    const members = execFileSync('ar', ['t', `${root}libsextant_operations.a`], {
      encoding: 'utf8',
    }).split('\n');
    const count = objects('baseline').length;
    const ours = members.filter((name) => name === 'cpu.cpp.o');
    assert.equal(ours.length, 3 * count);
    // All members are called cpu.cpp.o; their code tells the variant.
    const symbols = execFileSync('nm', ['-C', `${root}libsextant_operations.a`], {
      encoding: 'utf8',
      // Sanitized, they are more than Node takes by default.
      maxBuffer: 64 * 1024 * 1024,
    });
    const first = (variant: string) => symbols.indexOf(`::${variant}::apply(`);
    const order = ['baseline', 'avx2', 'avx512'].map(first);
    assert.ok(order.every((place) => place >= 0));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
  });
});
