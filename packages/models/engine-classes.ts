import { type ConfigProblem, type JsonPath, unknownName } from '#transforms';

export type ModelType = 'annotation' | 'segmentation';

interface EngineClass {
  readonly className: string;
  readonly module: string;
  readonly type: ModelType;
}

/** The guide's class and module names (4.1) and what each pair does. */
const ENGINE_CLASSES: readonly EngineClass[] = [
  { className: 'Dextr3dCroppedEngine', module: 'medical.aas.dextr3dcropped', type: 'annotation' },
];

/** What the class and module of a pool entry mean together, or why they are not known. */
export function engineClass(
  entry: { class: string; module: string },
  path: JsonPath,
): { type: ModelType } | { problems: readonly ConfigProblem[] } {
  const names = ENGINE_CLASSES.map(({ className }) => className);
  const sameClass = ENGINE_CLASSES.filter(({ className }) => className === entry.class);
  if (sameClass.length === 0) {
    return { problems: [unknownName([...path, 'class'], entry.class, names, 'a known class')] };
  }
  const found = sameClass.find(({ module }) => module === entry.module);
  if (found !== undefined) return { type: found.type };
  const modules = sameClass.map(({ module }) => module);
  const expected = `the module of ${entry.class}`;
  return { problems: [unknownName([...path, 'module'], entry.module, modules, expected)] };
}
