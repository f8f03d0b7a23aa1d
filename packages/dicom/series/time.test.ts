import assert from 'node:assert/strict';
import type { WrittenElement } from '../testing/dicom-file.ts';
import { plansOf } from '../testing/planned-files.ts';
import { sliceFile } from '../testing/synthetic-series.ts';

/** A place and a volume of it. */
type Moment = readonly [place: number, time: number];

/** In the order of the file, or of the instance numbers: at the last place the volumes come the other way round. */
const SHUFFLED: readonly Moment[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [2, 1],
  [2, 0],
];

const IN_ORDER = ['0,0', '1,0', '2,0', '0,1', '1,1', '2,1'];

/** One file a slice. */
function series(
  moments: readonly Moment[],
  tell: (moment: Moment, n: number) => readonly WrittenElement[],
): Map<string, Uint8Array> {
  return new Map(
    moments.map(([place, time], n) => {
      const fields = { position: [0, 0, 2 * place] as const, more: tell([place, time], n) };
      return [`mr/${place}-${time}`, sliceFile(fields, n)];
    }),
  );
}

/** One file with a frame for each slice. */
function multiFrame(
  tell: (moment: Moment) => { groups: readonly WrittenElement[] },
  dimensions: readonly number[] = [],
): Map<string, Uint8Array> {
  const frames = SHUFFLED.map((moment) => [
    ['00209113', 'SQ', [[['00200032', 'DS', [0, 0, 2 * moment[0]]]]]] as WrittenElement,
    ...tell(moment).groups,
  ]);
  const more: WrittenElement[] = [
    ['00280008', 'IS', SHUFFLED.length],
    ['52009230', 'SQ', frames],
    ['00209222', 'SQ', dimensions.map((tag) => [['00209165', 'AT', tag] as WrittenElement])],
    ['7FE00010', 'OW', new Uint8Array(24 * SHUFFLED.length)],
  ];
  return new Map([['mr/all', sliceFile({ position: [0, 0, 0], more }, 0)]]);
}

/** The places and volumes in the order in which they become voxels. */
function orderOf(files: ReadonlyMap<string, Uint8Array>): string[] {
  const [plan, ...others] = plansOf(files);
  assert.deepEqual(others, []);
  assert.equal(plan?.failure, undefined);
  assert.equal(plan?.volume?.times, 2);
  return (plan.volume.slices ?? []).map(({ instance, frame }) =>
    instance.name === 'mr/all'
      ? String(SHUFFLED[frame])
      : instance.name.replace('mr/', '').replace('-', ','),
  );
}

const content = (...elements: WrittenElement[]): WrittenElement => ['00209111', 'SQ', [elements]];

describe('slices of several volumes at one place', () => {
  for (const [what, tell] of [
    ['TemporalPositionIdentifier', ([, time]) => [['00200100', 'IS', 7 + time]]],
    ['TriggerTime, the same at every place', ([, time]) => [['00181060', 'DS', 100 * time]]],
    ...['00200012', '00541300'].map((tag): [string, (moment: Moment) => WrittenElement[]] => [
      `(${tag}), with instance numbers that begin anew at each volume`,
      ([place, time]) => [
        [tag, tag === '00200012' ? 'IS' : 'DS', 1 + time],
        ['00200013', 'IS', place + 1],
      ],
    ]),
    ...['00080032', '00080033'].map((tag): [string, (moment: Moment) => WrittenElement[]] => [
      `(${tag}), the time of day`,
      ([place, time]) => [
        [tag, 'TM', ['095959.5', '100000'][time] ?? ''],
        ['00200013', 'IS', place + 1],
      ],
    ]),
  ] as readonly [string, (moment: Moment) => readonly WrittenElement[]][]) {
    it(`are told apart by ${what}, whatever their numbers are`, () => {
      assert.deepEqual(orderOf(series(SHUFFLED, tell)), IN_ORDER);
    });
  }

  it('are told apart by their numbers where times differ from place to place', () => {
    const slices = series(SHUFFLED, ([place, time]) => [
      ['00181060', 'DS', 100 * time + place],
      ['00200013', 'IS', 3 * time + place],
    ]);
    assert.deepEqual(orderOf(slices), IN_ORDER);
  });

  for (const [what, dimensions, tell] of [
    [
      'TemporalPositionIndex',
      [],
      ([, time]) => ({ groups: [content(['00209128', 'UL', time + 1])] }),
    ],
    [
      'their index in a dimension that is not of space',
      [0x00209057, 0x00209128],
      ([place, time]) => ({ groups: [content(['00209157', 'UL', [place + 1, time + 1]])] }),
    ],
    [
      'TemporalPositionTimeOffset',
      [],
      ([, time]) => ({ groups: [['00209310', 'SQ', [[['0020930D', 'FD', 2.5 * time]]]]] }),
    ],
  ] as readonly [string, number[], (moment: Moment) => { groups: readonly WrittenElement[] }][]) {
    it(`of one file are told apart by ${what}, whatever order its frames have`, () => {
      assert.deepEqual(orderOf(multiFrame(tell, dimensions)), IN_ORDER);
    });
  }

  it('make no volume when each place lacks another one, as many as there are', () => {
    const moments = [0, 1, 2].flatMap((place) =>
      [0, 1, 2].filter((time) => time !== place).map((time): Moment => [place, time]),
    );
    const [plan] = plansOf(series(moments, ([, time]) => [['00200100', 'IS', time + 1]]));
    assert.equal(plan?.failure?.reason, 'SERIES_INCOMPLETE');
    assert.match(plan.failure.message, /every place: 2, 3, got volumes numbered 1, 3 at 2 mm/);
  });

  it('make no volume when nothing tells them apart', () => {
    const [plan] = plansOf(series(SHUFFLED, ([place]) => [['00200013', 'IS', place + 1]]));
    assert.equal(plan?.failure?.reason, 'SERIES_INCOMPLETE');
    assert.match(plan.failure.message, /2 at 0 mm that nothing tells apart: mr\/0-0, mr\/0-1/);
  });

  it('are not judged by the index of a time that was measured, nor by what a place has twice', () => {
    const measured = multiFrame(
      ([place, time]) => ({
        groups: [content(['00209157', 'UL', [place + 1, 1 + 2 * time + (place % 2)]])],
      }),
      [0x00209057, 0x00209153],
    );
    assert.equal(plansOf(measured)[0]?.failure, undefined);
    const packages = series(SHUFFLED, ([place, time]) => [
      ['00200100', 'IS', 1 + (place % 2)],
      ['00189087', 'FD', 1000 * time],
    ]);
    assert.equal(plansOf(packages)[0]?.failure, undefined);
  });

  it('are not judged by temporal positions that count slices', () => {
    const slices = series(SHUFFLED, ([place, time], n) => [
      ['00200100', 'IS', n + 1],
      ['00200013', 'IS', 3 * time + place],
    ]);
    assert.equal(plansOf(slices)[0]?.failure, undefined);
  });
});
