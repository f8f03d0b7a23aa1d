import assert from 'node:assert/strict';
import { type DicomWorkers, openSeries, readSeries, startDicomWorkers } from '#dicom';
import type { Vec3 } from '#geometry';
import type { WrittenElement } from '../testing/dicom-file.ts';
import { plansOf, withPlans } from '../testing/planned-files.ts';
import { sliceFile } from '../testing/synthetic-series.ts';

/** A file of a slice by its name; `value` fills its voxels, `object` is its UID's end and its number. */
function slice(name: string, place: number, { value = place, object = place } = {}) {
  const position: Vec3 = [0, 0, 2 * place];
  const file = sliceFile(
    {
      position,
      value,
      instanceNumber: object + 1,
      more: [['00080018', 'UI', `1.2.3.4.${object}`]],
    },
    place,
  );
  return [name, file] as const;
}

const places = [0, 1, 2, 3];
const folder = (name: string, of = places) => of.map((place) => slice(`${name}/${place}`, place));

/** Shape and what the volume's slices are called, of each plan. */
function volumesOf(files: readonly (readonly [string, Uint8Array])[]) {
  return plansOf(new Map(files)).map(({ volume, failure }) => {
    assert.equal(failure, undefined, failure?.message);
    return volume?.slices.map(({ instance }) => instance.name);
  });
}

describe('a series in several folders', () => {
  it('is one volume, however it was spread', () => {
    const whole = [['a/0', 'b/1', 'a/2', 'b/3']];
    assert.deepEqual(volumesOf([...folder('a', [0, 2]), ...folder('b', [1, 3])]), whole);
    const one = places.flatMap((place) => folder(`f${place}`, [place]));
    assert.deepEqual(volumesOf(one), [['f0/0', 'f1/1', 'f2/2', 'f3/3']]);
  });

  it('is a volume in each folder that has all of it', () => {
    const made = volumesOf([...folder('a'), ...folder('b')]);
    assert.deepEqual(made.map((names) => names?.[0]).sort(), ['a/0', 'b/0']);
    assert.deepEqual(
      made.map((names) => names?.length),
      [4, 4],
    );
  });

  it('is one volume when its volumes in time were spread by the number of files', () => {
    // Two volumes of four slices: three, three and two files.
    const moments = [0, 1].flatMap((time) => places.map((place) => ({ place, time })));
    const files = moments.map(({ place, time }, n) => {
      const position: Vec3 = [0, 0, 2 * place];
      const file = sliceFile({ position, instanceNumber: n + 1 }, 4 * time + place);
      return [`part${Math.floor(n / 3)}/${n}`, file] as const;
    });
    const [plan, ...others] = plansOf(new Map(files));
    assert.deepEqual(others, []);
    assert.deepEqual([plan?.volume?.shape, plan?.volume?.times], [[4, 3, 4], 2]);
  });

  it('is as many volumes as folders when each is whole and they lie in one place: who knows whose they are', () => {
    const person = (name: string, count: number, first: number) =>
      Array.from({ length: count }, (_, place) => {
        const position: Vec3 = [0, 0, 2 * place];
        return [`${name}/${place}`, sliceFile({ position }, first + place)] as const;
      });
    for (const counts of [
      [4, 4],
      [4, 6],
    ] as const) {
      const [one = 0, two = 0] = counts;
      const made = volumesOf([...person('sub-1', one, 0), ...person('sub-2', two, 50)]);
      assert.deepEqual(made.map((names) => names?.length).sort(), [one, two]);
    }
  });

  it('is a volume for each patient whose folders they are', () => {
    const scouts = ['A', 'B'].map((id, n) => {
      const position: Vec3 = [0, 0, 5 * n];
      const more = [['00100020', 'LO', id]] as const;
      return [`${id}/1`, sliceFile({ position, more }, n)] as const;
    });
    assert.deepEqual(volumesOf(scouts), [['A/1'], ['B/1']]);
  });

  it('is whole, and a part beside it, when a folder has a part of it again', () => {
    const made = volumesOf([...folder('a'), ...folder('b', [1, 2])]);
    assert.deepEqual(made.map((names) => names?.length).sort(), [2, 4]);
  });

  it('is one volume when each folder has volumes in time with numbers of their own', () => {
    const files = [1, 2, 3].flatMap((time) =>
      places.map((place) => {
        const position: Vec3 = [0, 0, 2 * place];
        const more = [['00200100', 'IS', time]] as const;
        return [`phase${time}/${place}`, sliceFile({ position, more }, 10 * time + place)] as const;
      }),
    );
    const [plan, ...others] = plansOf(new Map(files));
    assert.deepEqual(others, []);
    assert.deepEqual([plan?.volume?.shape, plan?.volume?.times], [[4, 3, 4], 3]);
    const [less] = plansOf(new Map(files.slice(0, -1)));
    assert.equal(less?.failure?.reason, 'SERIES_INCOMPLETE');
  });

  it('is not of two people, however well their slices fit', () => {
    const person = (name: string, first: number, more: WrittenElement) =>
      places.map((place) => {
        const position: Vec3 = [0, 0, 2 * (first + place)];
        return [`${name}/${place}`, sliceFile({ position, more: [more] }, first + place)] as const;
      });
    for (const tag of ['00100020', '00200052'] as const) {
      const made = volumesOf([
        ...person('p1', 0, [tag, 'LO', '1.1']),
        ...person('p2', 4, [tag, 'LO', '1.2']),
      ]);
      assert.deepEqual(made.map((names) => names?.[0]).sort(), ['p1/0', 'p2/0'], tag);
    }
  });

  it('that was not joined is told of', () => {
    const again = places.map((place) => {
      const file = sliceFile({ position: [0, 0, 2 * place] }, 50 + place);
      return [`b/${place}`, file] as const;
    });
    const plans = plansOf(new Map([...folder('a'), ...again]));
    assert.deepEqual(
      plans.map(({ warnings }) => warnings.map(({ reason }) => reason)),
      [['SERIES_ELSEWHERE'], ['SERIES_ELSEWHERE']],
    );
    assert.match(plans[0]?.warnings[0]?.message ?? '', /other images in b\b/);
  });

  it('fails where a file is broken, and not where it is whole', () => {
    const cut = (folder('b')[2]?.[1] ?? assert.fail()).subarray(0, -10);
    const plans = plansOf(new Map([...folder('a'), ...folder('b'), ['b/2', cut]]));
    const [good, ...bad] = plans.toSorted(
      (a, b) => Number(a.failure !== undefined) - Number(b.failure !== undefined),
    );
    assert.deepEqual([good?.failure, good?.volume?.shape], [undefined, [4, 3, 4]]);
    assert.ok(
      bad.length > 0 && bad.every(({ failure }) => failure?.reason === 'SERIES_INCOMPLETE'),
    );
  });

  it('fails as a whole where a file of one of its folders is broken', () => {
    const [, bytes] = folder('c', [2])[0] ?? assert.fail();
    const spread = [
      ...folder('a', [0, 1]),
      ...folder('b', [3, 4]),
      ['c/2', bytes.subarray(0, -10)] as const,
    ];
    assert.ok(plansOf(new Map(spread)).some(({ failure }) => failure !== undefined));
    const last = [
      ...folder('a', [0, 1]),
      ...folder('b', [2, 3]),
      ['c/4', bytes.subarray(0, -10)] as const,
    ];
    const plans = plansOf(new Map(last));
    assert.ok(
      plans.every(({ failure }) => failure?.reason === 'SERIES_INCOMPLETE'),
      JSON.stringify(plans.map(({ failure }) => failure?.message)),
    );
  });
});

describe('slices with one UID', () => {
  let workers: DicomWorkers;
  before(() => {
    workers = startDicomWorkers({ count: 1 });
  });
  after(() => workers.close());

  const read = (files: readonly (readonly [string, Uint8Array])[]) =>
    withPlans(new Map(files), async ([plan]) => {
      using volume = await readSeries(openSeries(plan ?? assert.fail()), { workers });
      const changes = plan?.changes.map(({ reason }) => reason);
      return { values: [...new Set(volume.voxels.toArray() as Int16Array)], changes };
    });

  it('are one where all they say and have is the same', async () => {
    const { values, changes } = await read([...folder('a'), slice('a/again', 1)]);
    assert.deepEqual(values, [0, 1, 2, 3]);
    assert.deepEqual(changes, ['DUPLICATES_DROPPED']);
  });

  it('are refused by name where their voxels differ', async () => {
    const files = [...folder('a'), slice('a/other', 1, { value: 9 })];
    await assert.rejects(read(files), {
      reason: 'VOLUME_CORRUPT',
      message: /a\/other: .*other voxels than a\/1/,
    });
  });

  it('are compared however many there are of one', async () => {
    const files = [...folder('a'), slice('a/again', 1), slice('a/other', 1, { value: 9 })];
    await assert.rejects(read(files), { reason: 'VOLUME_CORRUPT', message: /a\/other/ });
  });

  it('are no copies where they are scaled otherwise', () => {
    const position: Vec3 = [0, 0, 2];
    const more = [
      ['00080018', 'UI', '1.2.3.4.1'],
      ['00281053', 'DS', 7],
    ] as const;
    const scaled = sliceFile({ position, value: 1, instanceNumber: 2, more }, 1);
    const [plan] = plansOf(new Map([...folder('a'), ['a/scaled', scaled]]));
    assert.throws(() => openSeries(plan ?? assert.fail()), { reason: 'SERIES_UNEVEN' });
  });

  it('are many where their numbers differ: who makes images anonymous may give all of them one', () => {
    const times = [0, 1, 2].flatMap((time) =>
      [0, 1, 2].map((place) => {
        const n = 3 * time + place;
        const fields = { position: [0, 0, 2 * place] as const, instanceNumber: n + 1 };
        const more = [['00080018', 'UI', '1.2.3.4.9']] as const;
        return [`a/${n}`, sliceFile({ ...fields, more }, n)] as const;
      }),
    );
    const [plan] = plansOf(new Map(times));
    assert.deepEqual([plan?.volume?.shape, plan?.volume?.times], [[4, 3, 3], 3]);
  });
});
