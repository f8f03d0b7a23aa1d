/** One line on a terminal that says what is being done, overwritten at every step. */
export interface ProgressLine {
  show(text: string): void;
  /** A line that stays, for what the user should know afterwards as well; on any kind of stream. */
  say(text: string): void;
  /** Takes the line away, so that results and errors stand alone. */
  clear(): void;
}

/** A line on stderr; where stderr is no terminal only what is said appears. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  const say = (text: string) => void stream.write(`${text}\n`);
  if (!stream.isTTY) return { show() {}, say, clear() {} };
  const wipe = '\r\u001b[2K';
  return {
    show: (text) => {
      stream.write(`${wipe}${text}`);
    },
    say: (text) => say(`${wipe}${text}`),
    clear: () => {
      stream.write(wipe);
    },
  };
}
