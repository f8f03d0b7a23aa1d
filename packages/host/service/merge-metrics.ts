interface Family {
  readonly about: string[];
  readonly samples: string[];
}

/**
 * Puts texts of several processes together: in Prometheus' format all samples of a metric stand in
 * one place, under one description. The first text's description is taken.
 */
export function mergeMetrics(texts: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const text of texts) {
    for (const block of text.split(/^(?=# HELP )/m)) addBlock(block, families);
  }
  return [...families.values()]
    .map(({ about, samples }) => [...about, ...samples, ''].join('\n'))
    .join('\n');
}

/** One metric's description and samples, as prom-client writes them. */
function addBlock(block: string, families: Map<string, Family>): void {
  const name = /^# HELP (\S+)/.exec(block)?.[1];
  if (name === undefined) return;
  const lines = block.split('\n').filter((line) => line !== '');
  const family = families.get(name) ?? {
    about: lines.filter((line) => line.startsWith('#')),
    samples: [],
  };
  family.samples.push(...lines.filter((line) => !line.startsWith('#')));
  families.set(name, family);
}
