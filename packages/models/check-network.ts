import type { Vec3 } from '#geometry';
import type { Network } from '#kernels';
import { type Chain, type ConfigProblem, type JsonPath, unknownName } from '#transforms';
import type { ModelConfig } from './model-schema.ts';

type Port = Network['inputs'][number];
type Nodes = Readonly<Record<string, string>>;

/** The grid of networks whose graph leaves it open, unless the model JSON says otherwise (guide 4.1). */
const OPEN_GRID: Vec3 = [128, 128, 128];

/** Axes of the network's tensors: [batch, channel, x, y, z]. */
const RANK = 5;

/** Channels of the fields of `output_nodes`, where the graph gives them. */
export function outputChannelsOf(
  network: Network,
  nodes: Nodes,
): Record<string, number | undefined> {
  const channels = Object.entries(nodes).map(([field, node]) => {
    const port = network.outputs.find(({ name }) => name === node);
    return [field, port === undefined ? undefined : fixed(port, 1)] as const;
  });
  return Object.fromEntries(channels);
}

/** The shape of the network's grid: the model JSON's, else the graph's own. */
export function roiOf(network: Network, config: ModelConfig): Vec3 {
  if (config.roi !== undefined) return config.roi;
  const [node] = Object.values(config.input_nodes);
  const input = network.inputs.find(({ name }) => name === node);
  const axis = (index: 0 | 1 | 2) => (input && fixed(input, index + 2)) ?? OPEN_GRID[index];
  return [axis(0), axis(1), axis(2)];
}

/** What of a network does not fit what its model JSON says of it. */
export function networkProblems(network: Network, config: ModelConfig): ConfigProblem[] {
  return [
    ...portProblems(network.inputs, config.input_nodes, 'input', config),
    ...portProblems(network.outputs, config.output_nodes, 'output', config),
    ...unboundInputs(network, config.input_nodes),
    ...openChannels(network, config.output_nodes),
  ];
}

/** What of the chain does not fit the network's input. */
export function chainProblems(network: Network, chain: Chain): ConfigProblem[] {
  const port = network.inputs.find(({ name }) => name === chain.input.node);
  const channels = port && fixed(port, 1);
  if (channels === undefined || channels === chain.channels) return [];
  const got = `${chain.channels} channels of "${chain.input.field}" after pre_transforms`;
  const expected = `${channels}, as the network's input ${chain.input.node} has`;
  return [{ path: ['pre_transforms'], at: 'value', got, expected }];
}

function portProblems(
  ports: readonly Port[],
  nodes: Nodes,
  kind: 'input' | 'output',
  config: ModelConfig,
): ConfigProblem[] {
  const names = ports.map(({ name }) => name);
  return Object.entries(nodes).flatMap(([field, node]) => {
    const path = [`${kind}_nodes`, field];
    const port = ports.find(({ name }) => name === node);
    if (port === undefined) return unknownName(path, node, names, `an ${kind} of the network`);
    return tensorProblems(port, path, config);
  });
}

function tensorProblems(port: Port, path: JsonPath, config: ModelConfig): ConfigProblem[] {
  const problem = (got: string, expected: string, at: JsonPath = path): ConfigProblem => ({
    path: at,
    at: 'value',
    got,
    expected,
  });
  if (port.dtype !== 'float32') return [problem(`${port.name} of type ${port.dtype}`, 'float32')];
  if (port.shape.length !== RANK) {
    const expected = 'the 5 axes [batch, channel, x, y, z]';
    return [problem(`${port.name} of shape [${port.shape.join(', ')}]`, expected)];
  }
  const problems: ConfigProblem[] = [];
  const batch = fixed(port, 0);
  if (batch !== undefined && batch !== config.batch_size) {
    const expected = `${batch}, the first dimension of ${port.name}`;
    problems.push(problem(String(config.batch_size), expected, ['batch_size']));
  }
  const grid = [2, 3, 4].map((axis) => fixed(port, axis));
  const fits = grid.every((n, axis) => n === undefined || n === (config.roi?.[axis] ?? n));
  const open = grid.every((n) => n === undefined);
  const shape = `[${port.shape.slice(2).join(', ')}], the grid of ${port.name}`;
  if (!fits) problems.push(problem(JSON.stringify(config.roi), shape, ['roi']));
  if (config.spacing !== undefined && !open) {
    problems.push(problem('a spacing', `none for a network of fixed grid ${shape}`, ['spacing']));
  }
  return problems;
}

function unboundInputs(network: Network, nodes: Nodes): ConfigProblem[] {
  const bound = Object.values(nodes);
  // With an unknown name there already is a problem that says what to mend.
  if (bound.some((node) => !network.inputs.some(({ name }) => name === node))) return [];
  return network.inputs
    .filter(({ name }) => !bound.includes(name))
    .map(({ name }) => ({
      path: ['input_nodes'],
      at: 'value',
      got: `no field for the network's input ${name}`,
      expected: 'every input of the network bound to a field',
    }));
}

/** A mask needs to know its labels before it is made. */
function openChannels(network: Network, nodes: Nodes): ConfigProblem[] {
  return Object.entries(nodes).flatMap(([field, node]): ConfigProblem[] => {
    const port = network.outputs.find(({ name }) => name === node);
    if (port?.shape.length !== RANK || fixed(port, 1) !== undefined) return [];
    const got = `${node} of shape [${port.shape.join(', ')}]`;
    const expected = 'an output whose number of channels the graph fixes';
    return [{ path: ['output_nodes', field], at: 'value', got, expected }];
  });
}

/** A dimension that the graph fixes; undefined for a symbolic one. */
function fixed(port: Port, axis: number): number | undefined {
  const size = port.shape[axis];
  return typeof size === 'number' && size > 0 ? size : undefined;
}
