/** A number given as `--name N`. */
export function option(name: string, otherwise: number): number {
  const given = text(name);
  return given === undefined ? otherwise : Number(given);
}

/** What stands behind `--name`. */
export function text(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Tells whoever waits what is going on. */
export const note = (line: string): void => void process.stderr.write(`${line}\n`);
