const STEP = /^\[\s*(\d+)(?:\/(\d+)|%)\]/;

/**
 * Makes a filter for the lines of a build by ninja (`[12/76] …`) or make (`[ 15%] …`): a line of
 * progress becomes `name: 10 %` once for every tenth that is reached, any other stays as it is.
 */
export function briefProgress(name) {
  let tenth = 0;
  /** @param {string} line @returns {string | undefined} what to print, if anything */
  return (line) => {
    const [progress, done, all = 100] = STEP.exec(line) ?? [];
    if (progress === undefined) return line;
    const reached = Math.floor((10 * Number(done)) / Number(all));
    if (reached <= tenth) return undefined;
    tenth = reached;
    return `${name}: ${10 * reached} %`;
  };
}
