import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { killHard, killNow } from '../../../embedded/testing/kill-hard.ts';
import { spawnWithParent } from '../../../embedded/testing/spawn-with-parent.ts';

export interface ProgramExit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables besides the test's own; an undefined variable is removed. */
  readonly env: NodeJS.ProcessEnv;
  /** Opens an IPC channel to the test: the program may send messages, and may end when the channel closes. */
  readonly channel?: boolean;
}

/** A running program and its children. */
export interface RunningProgram {
  /** The process that was started, without its children. */
  readonly child: ChildProcess;
  readonly pid: number | undefined;
  readonly output: () => string;
  readonly hasEnded: () => boolean;
  /** Resolves when the process and all its children have ended, since each of them holds the output open. */
  readonly ended: Promise<ProgramExit>;
  /** Closes its output, as when the reading process ends. */
  closeOutput(): void;
  /** Sends a signal to the process, without its children. */
  signal(signal: 'SIGTERM' | 'SIGINT'): void;
  /** Kills the process with -9, without its children; resolves as `ended` does. */
  kill(): Promise<ProgramExit>;
  /** Kills the process and its children with -9; resolves as `ended` does, also when all have ended already. */
  killAll(): Promise<ProgramExit>;
}

/** Runs a program in a new process group: a kill reaches the whole group, and the group ends with this process. */
export function launchProgram({ program, args, env, channel = false }: Program): RunningProgram {
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
    closeOutput: () => {
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
