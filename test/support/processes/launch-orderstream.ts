import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchProgram, type RunningProgram } from './launch-program.ts';

const resolve = createRequire(import.meta.url).resolve;

/**
 * Returns the path of the built command, by its name in package.json: this file runs from source and, in benchmarks, from
 * `dist`. At the first use, since unit tests need no build.
 */
const program = once(() => resolve('#orderstream'));
/** Returns the path of the same command with a file for each module, of which a preload can replace one. */
const unbundled = once(() => resolve('#unbundled-orderstream'));

/** Returns the options of Node in the first line of the command, `#!/usr/bin/env -S node …`. */
const nodeFlags = once(() => (readFileSync(program(), 'utf8').split('\n', 1)[0] ?? '').split(' ').slice(3));

function once<Value>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= create();
    return value;
  };
}

/** Returns the arguments with which Node runs `orderstream …` with these variables. */
export function commandLine(args: readonly string[], env: NodeJS.ProcessEnv = {}): string[] {
  const hasPreload = env.NODE_OPTIONS?.includes('--import') ?? false;
  return [...nodeFlags(), hasPreload ? unbundled() : program(), ...args];
}

/** Runs `orderstream …` with these variables besides the test's own; an undefined variable is removed. */
export const launch = (args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningProgram =>
  launchProgram({ program: process.execPath, args: commandLine(args, env), env });
