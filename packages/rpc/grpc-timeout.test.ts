import assert from 'node:assert/strict';
import { deadlineAfterMs, grpcTimeout } from './grpc-timeout.ts';

describe('grpc-timeout', () => {
  it('is told in milliseconds, rounded up, and in seconds where the digits end', () => {
    const told: [number, string][] = [
      [0, '0m'],
      [-5, '0m'],
      [0.2, '1m'],
      [1500, '1500m'],
      [99_999_999, '99999999m'],
      [100_000_000, '100000S'],
      [1e15, '2147483S'],
    ];
    for (const [ms, header] of told) assert.equal(grpcTimeout(ms), header);
  });

  it('is read in every unit', () => {
    const read: [string | undefined, number | undefined][] = [
      ['1H', 3_600_000],
      ['2M', 120_000],
      ['3S', 3000],
      ['4m', 4],
      ['5000u', 5],
      ['6000000n', 6],
      [undefined, undefined],
      ['', undefined],
      ['5', undefined],
      ['-5m', undefined],
      ['123456789m', undefined],
      ['5m, 6m', undefined],
    ];
    for (const [header, ms] of read) assert.equal(deadlineAfterMs(header), ms, header);
  });
});
