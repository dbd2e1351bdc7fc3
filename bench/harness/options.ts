/** Returns the number given as `--name N`, or the default. */
export function numberOption(name: string, defaultValue: number): number {
  const given = textOption(name);
  return given === undefined ? defaultValue : Number(given);
}

/** Returns the text given as `--name TEXT`. */
export function textOption(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Prints progress on stderr. */
export const log = (line: string): void => void process.stderr.write(`${line}\n`);
