import assert from 'node:assert/strict';
import { timeLeft, transferProgress } from './transfer-progress.ts';

describe('the progress of a transfer', () => {
  function transfer({ totalBytes, doneBytes = 0 }: { totalBytes: number; doneBytes?: number }) {
    let nowMs = 0;
    const texts: string[] = [];
    const show = (text: string) => void texts.push(text);
    const progress = transferProgress({
      ...{ totalBytes, doneBytes, what: 'sending the image', show },
      nowMs: () => nowMs,
    });
    return {
      texts,
      later(ms: number, bytes: number) {
        nowMs += ms;
        progress.moved(bytes);
        return texts.at(-1);
      },
    };
  }

  it('tells percent, speed and time left', () => {
    const { later } = transfer({ totalBytes: 400e6 });
    assert.equal(later(1000, 100e6), 'sending the image: 25 %, 100 MB/s, 3 s left');
    assert.equal(later(1000, 300e6), 'sending the image: 100 %, 200 MB/s, 0 s left');
  });

  it('counts what was there before as done, not as speed', () => {
    const { later } = transfer({ totalBytes: 1000e6, doneBytes: 500e6 });
    assert.equal(later(2000, 5e6), 'sending the image: 50 %, 2.5 MB/s, 3 min 18 s left');
  });

  it('follows the speed of the last seconds', () => {
    const { later } = transfer({ totalBytes: 10_000e6 });
    for (let second = 0; second < 20; second++) later(1000, 100e6);
    for (let second = 0; second < 10; second++) later(1000, 10e6);
    assert.match(later(1000, 10e6) ?? '', /, 10 MB\/s, /);
  });

  it('changes ten times a second and at the end, however often it is told', () => {
    const { later, texts } = transfer({ totalBytes: 1000 });
    for (let step = 0; step < 1000; step++) later(1, 1);
    assert.ok(texts.length <= 12, `${texts.length} texts`);
    assert.match(texts.at(-1) ?? '', /100 %/);
  });

  it('has words for any time', () => {
    assert.equal(timeLeft(0.2), '1 s');
    assert.equal(timeLeft(59.5), '1 min 0 s');
    assert.equal(timeLeft(7325), '2 h 2 min');
  });
});
