import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The built command, by its name in package.json: this file runs from its source and, in benchmarks, from `dist`. */
export const PROGRAM = createRequire(import.meta.url).resolve('#orderstream');

/** What the command starts Node with: the rest of its first line, `#!/usr/bin/env -S node …`. */
export const NODE_FLAGS = (readFileSync(PROGRAM, 'utf8').split('\n', 1)[0] ?? '').split(' ').slice(3);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of `orderstream …` and all that it starts. */
export interface Launched {
  /** Of the one process that was started. */
  readonly pid: number | undefined;
  readonly output: () => string;
  readonly hasEnded: () => boolean;
  /** Resolves when the process and all that it started have ended: each of them holds its output open. */
  readonly ended: Promise<Ended>;
  /** Its output goes nowhere from now on, as if who had read it were gone. */
  hangUp(): void;
  /** To the one process that was started. */
  signal(signal: NodeJS.Signals): void;
  /** kill -9 to every process of it at once. */
  killAll(): void;
}

/** Runs `orderstream …` with these variables beside the test's own; an undefined one is left out. */
export function launch(args: readonly string[], env: NodeJS.ProcessEnv = {}): Launched {
  // A process group of its own, so that a kill reaches every process of it.
  const child = spawn(process.execPath, [...NODE_FLAGS, PROGRAM, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  let over = false;
  const ended = once(child, 'close').then(([code]) => {
    over = true;
    return { code, stdout: stdout(), stderr: stderr() };
  });
  return {
    pid: child.pid,
    output: () => `${stdout()}\n${stderr()}`,
    hasEnded: () => over,
    ended,
    hangUp: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    signal: (signal) => void child.kill(signal),
    killAll: () => {
      if (!over && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}
