import { nearest } from '#errors';
import type { Checked, ConfigProblem, JsonPath } from '../config-problem.ts';
import {
  type BoundTransform,
  type FieldTypes,
  type FieldUse,
  isFault,
  withTypes,
} from '../declaration.ts';
import { type ArrayType, type FieldType, typeText } from '../field.ts';
import { LONGEST_AXIS, MOST_CHANNELS, MOST_VOXELS } from '../limits.ts';
import { findTransform, TRANSFORMS } from '../registry.ts';
import { bareName, knownNames } from '../transform-name.ts';

/** Steps that were checked one after the other, and the fields behind them. */
export interface FlowingSteps {
  readonly steps: readonly BoundTransform[];
  readonly types: FieldTypes;
  /** Whether every step was understood, so that `types` is what really flows out. */
  readonly certain: boolean;
  /** The most channels that each field has anywhere. */
  readonly capacity: ReadonlyMap<string, number>;
  /** The fields that are absent, and those that would be made of them. */
  readonly absent: ReadonlySet<string>;
}

export interface StepRules {
  /** Refuse what a server cannot do. */
  readonly serving: boolean;
  /** There are points which stand for a label. */
  readonly hasPoints: boolean;
  /** Fields of a network that is not there: what reads them is checked, and left out. */
  readonly absent?: readonly string[];
}

/** Follows the fields through lists of transforms, and collects everything that is wrong. */
export class StepChecker {
  readonly problems: ConfigProblem[] = [];
  readonly #rules: StepRules;

  constructor(rules: StepRules) {
    this.#rules = rules;
  }

  report(path: JsonPath, got: string, expected: string, remedy?: string): void {
    this.problems.push({ path, at: 'value', got, expected, remedy });
  }

  steps(source: readonly unknown[], list: JsonPath, first: FieldTypes): FlowingSteps {
    const steps: BoundTransform[] = [];
    let types = first;
    let certain = true;
    const capacity = new Map<string, number>();
    const absent = new Set(this.#rules.absent);
    const widen = () => {
      for (const [name, type] of types) {
        if (type.kind !== 'array') continue;
        capacity.set(name, Math.max(capacity.get(name) ?? 1, type.channels ?? 1));
      }
    };
    widen();
    for (const [index, json] of source.entries()) {
      const path = [...list, index];
      const bound = this.transform(json, path);
      const written = bound && certain ? this.#written(bound, types, path) : undefined;
      if (bound === undefined || written === undefined) {
        // What later steps find is unknown now: only their names and arguments are still checked.
        certain = false;
        continue;
      }
      const kept = bound.without(absent);
      const made = new Set(madeBetween(types, kept === bound ? written : fieldsAfter(kept, types)));
      for (const name of madeBetween(types, written)) {
        if (made.has(name)) absent.delete(name);
        else absent.add(name);
      }
      if (kept !== undefined) steps.push(kept);
      types = written;
      widen();
    }
    return { steps, types, certain, capacity, absent };
  }

  /** The types after a step, when the fields that it reads are there and fit. */
  #written(bound: BoundTransform, types: FieldTypes, path: JsonPath): FieldTypes | undefined {
    if (!this.#fieldsFit(bound, types, path)) return undefined;
    const refused = this.#rules.serving ? bound.whenServing() : undefined;
    const written = refused ?? bound.writes(types);
    if (isFault(written)) {
      this.problems.push({ ...written, path: [...path, ...written.path], at: 'value' });
      return undefined;
    }
    if (!this.#canBe(bound, types, written, path)) return undefined;
    const { deforms } = bound;
    if (deforms === undefined) return written;
    const names = bound.reads().map(({ field }) => field);
    return withTypes(written, names, (type) => ({ ...type, deformedBy: deforms }));
  }

  transform(json: unknown, path: JsonPath): BoundTransform | undefined {
    const { name, rest } = this.named(json, path);
    if (name === undefined) return undefined;
    const transform = findTransform(name);
    if (transform === undefined) {
      this.unknown([...path, 'name'], name, TRANSFORMS.flatMap(knownNames));
      return undefined;
    }
    return this.checked(transform.bind(rest, path));
  }

  /** A name that is none of `known`: a list of sixty would say nothing, the nearest one does. */
  unknown(path: JsonPath, name: string, known: readonly string[]): void {
    const underOtherPrefix = known.find((candidate) => bareName(candidate) === bareName(name));
    const near = underOtherPrefix ?? nearest(name, known);
    const expected = 'a known transform: docs/transforms.md lists them';
    this.report(path, `"${name}"`, expected, near && `did you mean "${near}"?`);
  }

  checked<T>(result: Checked<T>): T | undefined {
    if ('value' in result) return result.value;
    this.problems.push(...result.problems);
    return undefined;
  }

  /** A transform's or writer's object, taken apart. */
  named(
    json: unknown,
    path: JsonPath,
  ): { name: string | undefined; rest: Record<string, unknown> } {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      this.report(path, JSON.stringify(json), 'an object with a name and its arguments');
      return { name: undefined, rest: {} };
    }
    const { name, ...rest } = json as Record<string, unknown>;
    if (name === undefined) {
      const expected = 'the name of a transform';
      this.problems.push({ path: [...path, 'name'], at: 'missing', got: 'nothing', expected });
    } else if (typeof name !== 'string') {
      this.report([...path, 'name'], JSON.stringify(name), 'the name of a transform');
    }
    return { name: typeof name === 'string' ? name : undefined, rest };
  }

  #fieldsFit(bound: BoundTransform, types: FieldTypes, path: JsonPath): boolean {
    const before = this.problems.length;
    for (const use of bound.reads()) {
      const type = types.get(use.field);
      if (type !== undefined) this.#fits(use, type, path);
      else if (!(use.orPoints && this.#rules.hasPoints)) {
        this.unwritten([...path, ...use.argument], use.field, types);
      }
    }
    this.#areOneShape(bound, types, path);
    return this.problems.length === before;
  }

  #fits({ wants = {}, argument }: FieldUse, type: FieldType, path: JsonPath): void {
    const { kind = 'array', axes, hasChannels } = wants;
    const at = [...path, ...argument];
    if (kind === 'any') return;
    if (type.kind !== kind) {
      const remedy = type.kind === 'file' ? 'put transforms.LoadNifty before it' : undefined;
      this.report(at, typeText(type), kindText(kind), remedy);
      return;
    }
    if (type.kind !== 'array') return;
    if (wants.isUndeformed && type.deformedBy !== undefined) {
      const remedy = `take ${type.deformedBy} out of a chain that is to be inverted`;
      const got = `a field that ${type.deformedBy} deformed`;
      this.report(at, got, 'one that affine maps alone have moved', remedy);
      return;
    }
    const fits = axes === undefined || axes === type.axes;
    if (fits && (hasChannels === undefined || hasChannels === type.hasChannels)) return;
    const rank = (axes ?? type.axes) + ((hasChannels ?? type.hasChannels) ? 1 : 0);
    const lacksChannels = hasChannels === true && !type.hasChannels;
    const remedy = lacksChannels ? 'put transforms.VolumeTo4dArray before it' : undefined;
    this.report(at, typeText(type), `a ${rank}D array`, remedy);
  }

  /** Fields that a transform looks at together, as far as their shapes are known before a file is read. */
  #areOneShape(bound: BoundTransform, types: FieldTypes, path: JsonPath): void {
    const known = bound.oneShape().flatMap((field) => {
      const shape = shapeOf(types.get(field));
      return shape === undefined ? [] : [{ field, shape }];
    });
    const [first, ...others] = known;
    for (const { field, shape } of others) {
      if (first === undefined || shape === first.shape) continue;
      const expected = `${first.shape}, as "${first.field}" has: ${bound.name} looks at both together`;
      const remedy = 'move both by the same transforms, to one size';
      this.report([...path, ...argumentOf(bound, field)], `${shape} voxels`, expected, remedy);
    }
  }

  /** Whether what a step makes has channels and voxels that memory has room for. */
  #canBe(bound: BoundTransform, before: FieldTypes, after: FieldTypes, path: JsonPath): boolean {
    const found = this.problems.length;
    for (const field of madeBetween(before, after)) {
      const type = after.get(field);
      if (type?.kind === 'array') {
        this.#isPossible(type, bound.name, [...path, ...argumentOf(bound, field)]);
      }
    }
    return this.problems.length === found;
  }

  #isPossible({ channels = 1, shape = [1, 1, 1] }: ArrayType, name: string, path: JsonPath): void {
    if (channels > MOST_CHANNELS) {
      const expected = `at most ${MOST_CHANNELS} after ${name}`;
      this.report(path, `${channels} channels`, expected, 'repeat or read fewer');
    }
    const voxels = shape.reduce((product, extent) => product * extent, 1);
    if (voxels > MOST_VOXELS || shape.some((extent) => extent > LONGEST_AXIS)) {
      const expected = `at most ${LONGEST_AXIS} along an axis and 2^31 in all after ${name}`;
      this.report(path, `${shape.join(' x ')} voxels`, expected, 'ask for larger voxels');
    }
  }

  unwritten(path: JsonPath, field: string, types: FieldTypes): void {
    const near = nearest(field, types.keys());
    const expected = `a field that is there by now: ${[...types.keys()].join(', ')}`;
    this.report(path, `"${field}"`, expected, near && `did you mean "${near}"?`);
  }
}

function kindText(kind: FieldType['kind']): string {
  return { array: 'an array', file: 'a file', numbers: 'a list of numbers' }[kind];
}

function shapeOf(type: FieldType | undefined): string | undefined {
  return type?.kind === 'array' ? type.shape?.join(' x ') : undefined;
}

/** Where a transform's JSON names a field; the transform itself, where it makes up the name. */
function argumentOf(bound: BoundTransform, field: string): JsonPath {
  return bound.reads().find((use) => use.field === field)?.argument ?? ['name'];
}

/** What a part of a step writes, where the whole of it has been checked. */
function fieldsAfter(kept: BoundTransform | undefined, types: FieldTypes): FieldTypes {
  const written = kept?.writes(types);
  return written === undefined || isFault(written) ? types : written;
}

function madeBetween(before: FieldTypes, after: FieldTypes): string[] {
  return [...after.keys()].filter((name) => after.get(name) !== before.get(name));
}
