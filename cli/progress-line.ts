/** One line on a terminal that says what is being done, overwritten at every step. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away, so that results and errors stand alone. */
  clear(): void;
}

/** A line on stderr, silent where stderr is no terminal. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  if (!stream.isTTY) return { show() {}, clear() {} };
  const wipe = '\r\u001b[2K';
  return {
    show: (text) => {
      stream.write(`${wipe}${text}`);
    },
    clear: () => {
      stream.write(wipe);
    },
  };
}
