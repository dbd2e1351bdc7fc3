import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends SIGKILL to a process, or to a process group if the id is negative. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const isClosed = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isClosed) throw error;
  }
}

/** Sends SIGKILL to a child; resolves when it has exited. */
export async function killHard(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  killNow(child.pid);
  await exited;
}
