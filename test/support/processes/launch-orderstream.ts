import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Launched, launchProgram } from './launch-program.ts';

/** The built command, by its name in package.json: this file runs from its source and, in benchmarks, from `dist`. */
export const PROGRAM = createRequire(import.meta.url).resolve('#orderstream');

/** What the command starts Node with: the rest of its first line, `#!/usr/bin/env -S node …`. */
const NODE_FLAGS = (readFileSync(PROGRAM, 'utf8').split('\n', 1)[0] ?? '').split(' ').slice(3);

/** What Node is started with to run `orderstream …`. */
export const commandLine = (args: readonly string[]): string[] => [...NODE_FLAGS, PROGRAM, ...args];

/** Runs `orderstream …` with these variables beside the test's own; an undefined one is left out. */
export const launch = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Launched =>
  launchProgram({ program: process.execPath, args: commandLine(args), env });
