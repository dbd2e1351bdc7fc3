import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchProgram, type RunningProgram } from './launch-program.ts';

const resolve = createRequire(import.meta.url).resolve;
/** Path of the built command, by its name in package.json: this file runs from source and, in benchmarks, from `dist`. */
const PROGRAM = resolve('#orderstream');
/** The same command with a file for each module, of which a preload can replace one. */
const UNBUNDLED = resolve('#unbundled-orderstream');

/** Options of Node in the first line of the command, `#!/usr/bin/env -S node …`. */
const NODE_FLAGS = (readFileSync(PROGRAM, 'utf8').split('\n', 1)[0] ?? '').split(' ').slice(3);

/** Returns the arguments with which Node runs `orderstream …` with these variables. */
export function commandLine(args: readonly string[], env: NodeJS.ProcessEnv = {}): string[] {
  const hasPreload = env.NODE_OPTIONS?.includes('--import') ?? false;
  return [...NODE_FLAGS, hasPreload ? UNBUNDLED : PROGRAM, ...args];
}

/** Runs `orderstream …` with these variables besides the test's own; an undefined variable is removed. */
export const launch = (args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningProgram =>
  launchProgram({ program: process.execPath, args: commandLine(args, env), env });
