import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

export interface Instruction {
  /** In upper case. */
  readonly name: string;
  readonly args: string;
}

/** One `FROM` with its instructions. */
export interface Stage {
  /** Empty for the last stage, which has no name. */
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** Returns the stages of a Dockerfile, without comments and with continued lines joined. */
export function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const stages: { name: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', args = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push({ name: / AS (\S+)$/.exec(args)?.[1] ?? '', instructions: [] });
    else if (name !== '') stages.at(-1)?.instructions.push({ name, args });
  }
  return stages;
}

export interface Copy {
  /** The stage that is copied from; undefined for the build context. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly to: string;
}

export function copyOf(args: string): Copy {
  const [, from, rest = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(args) ?? [];
  const paths = rest.split(' ');
  return { from, sources: paths.slice(0, -1), to: paths.at(-1) ?? '' };
}

export const argsOf = ({ instructions }: Stage, name: string): string[] =>
  instructions.filter((instruction) => instruction.name === name).map(({ args }) => args);

/** Returns the environment variables that the image sets. */
export const environmentOf = (stages: readonly Stage[]): Record<string, string> =>
  Object.fromEntries(
    argsOf(stages.at(-1) ?? { name: '', instructions: [] }, 'ENV').flatMap((args) =>
      args.split(/ +/).map((pair) => pair.split('=', 2)),
    ),
  );
