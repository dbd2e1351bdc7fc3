import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** kill -9 to the process of this id; of a negative one, at once to every process of that group. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const isClosed = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isClosed) throw error;
  }
}

/** kill -9 to a child; resolves when it is gone, at once when it is already. */
export async function killHard(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  killNow(child.pid);
  await gone;
}
