import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { killHard, killNow } from '../../../embedded/testing/kill-hard.ts';
import { spawnWithParent } from '../../../embedded/testing/spawn-with-parent.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program to run, with these variables beside the test's own; an undefined one is left out. */
export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** It has a channel to the test: it may tell something over it, and may end when it closes. */
  readonly channel?: boolean;
}

/** A run of a program and all that it starts. */
export interface Launched {
  /** The one process that was started. */
  readonly child: ChildProcess;
  readonly pid: number | undefined;
  readonly output: () => string;
  readonly hasEnded: () => boolean;
  /** Resolves when the process and all that it started have ended: each of them holds its output open. */
  readonly ended: Promise<Ended>;
  /** Its output goes nowhere from now on, as if who had read it were gone. */
  hangUp(): void;
  /** Asks the one process that was started to end. */
  signal(signal: 'SIGTERM' | 'SIGINT'): void;
  /** kill -9 to the one process that was started; resolves as `ended` does. */
  kill(): Promise<Ended>;
  /** kill -9 to every process of it at once; resolves as `ended` does, also when there is none left. */
  killAll(): Promise<Ended>;
}

/** Runs a program in a new process group: a kill reaches the whole group, and the group ends with this process. */
export function launchProgram({ program, args, env, channel = false }: Program): Launched {
  const child = spawnWithParent(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  let over = false;
  const ended = once(child, 'close').then(([code]) => {
    over = true;
    return { code, stdout: stdout(), stderr: stderr() };
  });
  return {
    child,
    pid: child.pid,
    output: () => `${stdout()}\n${stderr()}`,
    hasEnded: () => over,
    ended,
    hangUp: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      await killHard(child);
      return ended;
    },
    killAll: () => {
      if (!over && child.pid !== undefined) killNow(-child.pid);
      return ended;
    },
  };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}
