import assert from 'node:assert/strict';
import { type ChainSource, compileChain } from './compile-chain.ts';

/** The chain of the guide's annotation_spleen.json (4.1.1). */
const PRINTED: ChainSource = {
  input_nodes: { image: 'cond/Merge' },
  output_nodes: { model: 'NV_OUTPUT_LABEL' },
  pre_transforms: [
    { name: 'transforms.VolumeTo4dArray', fields: ['image', 'label'] },
    { name: 'transforms.NormalizeNonzeroIntensities', fields: 'image' },
    {
      name: 'transforms.AddExtremePointsChannel',
      image_field: 'image',
      label_field: 'label',
      sigma: 3,
      pert: 0,
    },
  ],
  post_transforms: [
    {
      name: 'transforms.SplitAcrossChannels',
      applied_key: 'model',
      channel_names: ['background', 'prediction'],
    },
  ],
  writers: [{ applied_key: 'prediction', name: 'writers.WriteNiftyResults', dtype: 'float32' }],
};

const TO_4D = { name: 'transforms.VolumeTo4dArray', fields: 'image' };
const POINTS = {
  name: 'transforms.AddExtremePointsChannel',
  image_field: 'image',
  label_field: 'label',
  sigma: 3,
};

describe('compileChain', () => {
  it('compiles the printed chain', () => {
    const { chain, problems } = compileChain(PRINTED, { outputChannels: { model: 2 } });
    assert.deepEqual(problems, []);
    assert.ok(chain);
    assert.equal(chain.channels, 2);
    assert.deepEqual(chain.input, { field: 'image', node: 'cond/Merge' });
    assert.deepEqual(chain.outputs, [{ field: 'model', node: 'NV_OUTPUT_LABEL' }]);
    assert.equal(chain.answer, 'prediction');
    assert.equal(chain.answerChannels, 1);
    assert.equal(chain.sigma, 3);
  });

  it('names split channels by number, as the guide does', () => {
    const source = {
      ...PRINTED,
      post_transforms: [{ name: 'transforms.SplitAcrossChannels', applied_key: 'model' }],
      writers: [{ name: 'writers.WriteNiftyResults', applied_key: 'model1' }],
    };
    const { chain } = compileChain(source, { outputChannels: { model: 2 } });
    assert.equal(chain?.answer, 'model1');
  });

  it('answers with all channels when the writer names the whole output', () => {
    const source = {
      ...PRINTED,
      post_transforms: [],
      writers: [{ name: 'writers.WriteNiftyResults', applied_key: 'model' }],
    };
    assert.equal(compileChain(source, { outputChannels: { model: 4 } }).chain?.answerChannels, 4);
  });

  it('counts the channels of several point channels', () => {
    const source = { ...PRINTED, pre_transforms: [TO_4D, POINTS, POINTS] };
    assert.equal(compileChain(source).chain?.channels, 3);
  });

  const pre = (...transforms: unknown[]) => ({ pre_transforms: transforms });
  const table: [string, Partial<ChainSource>, string[]][] = [
    [
      'an unknown transform, with the nearest name',
      pre({ ...TO_4D, name: 'transforms.VolumeTo4DArry' }),
      [
        'pre_transforms.0.name|"transforms.VolumeTo4DArry"|did you mean "transforms.VolumeTo4dArray"?',
      ],
    ],
    ['a transform without a name', pre({ fields: 'image' }), ['pre_transforms.0.name|nothing|']],
    [
      'a transform that is no object',
      pre('VolumeTo4dArray'),
      ['pre_transforms.0|"VolumeTo4dArray"|'],
    ],
    [
      'a missing argument',
      pre(TO_4D, { ...POINTS, sigma: undefined }),
      ['pre_transforms.1.sigma|nothing|'],
    ],
    [
      'an argument of another type',
      pre(TO_4D, { ...POINTS, sigma: '3' }),
      ['pre_transforms.1.sigma|"3"|'],
    ],
    [
      'an argument out of range',
      pre(TO_4D, { ...POINTS, sigma: 0 }),
      ['pre_transforms.1.sigma|0|'],
    ],
    [
      'an unknown argument, with the nearest name',
      pre({ name: 'transforms.VolumeTo4dArray', field: 'image' }),
      [
        'pre_transforms.0.fields|nothing|',
        'pre_transforms.0.field|a key that is not known here|did you mean "fields"?',
      ],
    ],
    [
      'fields that are no names',
      pre({ name: 'transforms.VolumeTo4dArray', fields: [1] }),
      ['pre_transforms.0.fields|[1]|'],
    ],
    [
      'perturbed points, which are for training',
      pre(TO_4D, { ...POINTS, pert: 3 }),
      [
        'pre_transforms.1.pert|3|perturbed points are for training; a server takes the points as they are clicked',
      ],
    ],
    [
      'a kernel that is not known',
      pre(TO_4D, { ...POINTS, kernel: 'gauss' }),
      ['pre_transforms.1.kernel|"gauss"|'],
    ],
    [
      'a field that nobody wrote, with the nearest',
      pre({ ...TO_4D, fields: ['imgae', 'label'] }),
      ['pre_transforms.0.fields.0|"imgae"|did you mean "image"?'],
    ],
    [
      'a 3D field where 4D is needed',
      pre({ name: 'transforms.NormalizeNonzeroIntensities', fields: 'image' }),
      ['pre_transforms.0.fields|a 3D array|put transforms.VolumeTo4dArray before it'],
    ],
    [
      'a 3D field going into the network',
      pre(),
      ['input_nodes.image|a 3D array|put transforms.VolumeTo4dArray into pre_transforms'],
    ],
    [
      'an empty intensity range',
      pre(TO_4D, {
        name: 'transforms.ScaleIntensityRange',
        field: 'image',
        a_min: 1,
        a_max: 1,
        b_min: 0,
        b_max: 1,
      }),
      ['pre_transforms.1.a_max|1|'],
    ],
    [
      'percentiles in the wrong order',
      pre(TO_4D, {
        name: 'transforms.ClipIntensityPercentiles',
        fields: 'image',
        lower: 99,
        upper: 1,
      }),
      ['pre_transforms.1.upper|1|'],
    ],
    [
      'a divisor of 0',
      pre(TO_4D, { name: 'transforms.CenterData', applied_keys: 'image', divisor: 0 }),
      ['pre_transforms.1.divisor|0|'],
    ],
    ['no network input', { input_nodes: {} }, ['input_nodes|0 fields|']],
    ['two network inputs', { input_nodes: { image: 'a', label: 'b' } }, ['input_nodes|2 fields|']],
    [
      'a network input from a field that is not there',
      { input_nodes: { images: 'a' } },
      ['input_nodes.images|"images"|did you mean "image"?'],
    ],
    [
      'no network output',
      { output_nodes: {}, post_transforms: [], writers: [] },
      ['output_nodes|{}|', 'writers|[]|'],
    ],
    [
      'names that do not fit the channels',
      {
        post_transforms: [
          { name: 'transforms.SplitAcrossChannels', applied_key: 'model', channel_names: ['a'] },
        ],
      },
      ['post_transforms.0.channel_names|1 names|'],
    ],
    [
      'an unknown writer',
      { writers: [{ name: 'writers.WriteNiftyResult', applied_key: 'prediction' }] },
      ['writers.0.name|"writers.WriteNiftyResult"|did you mean "writers.WriteNiftyResults"?'],
    ],
    [
      'an answer that nobody wrote',
      { writers: [{ name: 'writers.WriteNiftyResults', applied_key: 'predictions' }] },
      ['writers.0.applied_key|"predictions"|did you mean "prediction"?'],
    ],
    [
      'a type that no NIfTI file has',
      {
        writers: [
          { name: 'writers.WriteNiftyResults', applied_key: 'prediction', dtype: 'float16' },
        ],
      },
      ['writers.0.dtype|"float16"|'],
    ],
    [
      'several at once, without those that follow from the first',
      {
        ...pre({ ...TO_4D, name: 'transforms.VolumeTo4d' }, { ...POINTS, sigma: -1 }),
        writers: [{ name: 'writers.WriteNiftyResults' }],
      },
      [
        'pre_transforms.0.name|"transforms.VolumeTo4d"|did you mean "transforms.VolumeTo4dArray"?',
        'pre_transforms.1.sigma|-1|',
        'writers.0.applied_key|nothing|',
      ],
    ],
  ];
  for (const [what, change, expected] of table) {
    it(`refuses ${what}`, () => {
      const { chain, problems } = compileChain(
        { ...PRINTED, ...change },
        { outputChannels: { model: 2 } },
      );
      assert.equal(chain, undefined);
      const told = problems.map(
        ({ path, got, remedy }) => `${path.join('.')}|${got}|${remedy ?? ''}`,
      );
      assert.deepEqual(told, expected);
    });
  }
});
