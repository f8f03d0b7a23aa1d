import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { MemoryBudget, type Reserve } from './memory-budget.ts';

const NEVER = new AbortController().signal;

describe('the memory budget of conversions', () => {
  it('has work wait for room, and none of it hold anything meanwhile', async () => {
    const memory = new MemoryBudget(10);
    let most = 0;
    // As a volume that is read and then resampled: it asks twice.
    const work = (first: number, second: number) =>
      memory.run(async (reserve) => {
        reserve(first);
        await pause(1);
        reserve(second);
        most = Math.max(most, memory.takenBytes);
        await pause(2);
        return first + second;
      }, NEVER);
    const wishes = [
      [3, 3],
      [5, 5],
      [4, 2],
      [1, 1],
      [6, 4],
      [2, 5],
    ] as const;
    const made = await Promise.all(wishes.map(([first, second]) => work(first, second)));
    assert.deepEqual(made, [6, 10, 6, 2, 10, 7]);
    assert.equal(most, 10);
    assert.equal(memory.takenBytes, 0);
  });

  it('lets none overtake one that waits', async () => {
    const memory = new MemoryBudget(10);
    const ended: string[] = [];
    const work = (name: string, bytes: number) =>
      memory.run(async (reserve) => {
        reserve(bytes);
        await pause(5);
        ended.push(name);
      }, NEVER);
    const running = [work('first', 6), work('large', 9)];
    await pause(1);
    await Promise.all([...running, work('small', 4)]);
    assert.deepEqual(ended, ['first', 'large', 'small']);
  });

  it('refuses more than all of it by the name of its setting', async () => {
    const memory = new MemoryBudget(10);
    const tooMuch = async (reserve: Reserve) => {
      reserve(6);
      reserve(5);
    };
    await assert.rejects(memory.run(tooMuch, NEVER), {
      reason: 'VOLUME_TOO_LARGE',
      message: /11 bytes.*--conversion-memory/,
    });
    assert.equal(memory.takenBytes, 0);
  });

  it('ends the wait of one that leaves, and lets the next in', async () => {
    const memory = new MemoryBudget(10);
    const take = (bytes: number, signal = NEVER) =>
      memory.run(async (reserve) => {
        reserve(bytes);
        await pause(20);
      }, signal);
    const running = take(6);
    const leaver = new AbortController();
    const leaving = take(10, leaver.signal);
    const next = take(4);
    await pause(5);
    leaver.abort();
    await assert.rejects(leaving, { reason: 'CANCELLED' });
    assert.equal(memory.takenBytes, 10, 'the next runs beside the first');
    await Promise.all([running, next]);
    assert.equal(memory.takenBytes, 0);
  });
});
