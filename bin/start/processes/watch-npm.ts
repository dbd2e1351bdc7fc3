import { readFileSync } from 'node:fs';
import process from 'node:process';

const LOOK_EVERY_MS = 250;

/**
 * Calls `onEnd` once the npm or npx that started this process has ended. Both start a program through a shell and do not pass
 * every signal on, so the program would keep running. Does nothing on systems without `/proc`.
 */
export function watchNpm(onEnd: () => void): void {
  if (process.env.npm_command === undefined) return;
  const shell = process.ppid;
  const npm = npmBehind(shell);
  if (npm === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === shell && ofProcess(shell, 'PPid') === npm) return;
    clearInterval(timer);
    onEnd();
  }, LOOK_EVERY_MS).unref();
}

/** Returns the process id of the npm that runs a shell; undefined when the shell is not npm's. */
function npmBehind(shell: number): string | undefined {
  const npm = ofProcess(shell, 'Name')?.endsWith('sh') ? ofProcess(shell, 'PPid') : undefined;
  return npm !== undefined && ofProcess(Number(npm), 'Name')?.startsWith('np') ? npm : undefined;
}

/** Returns a field of a process; undefined when it has ended, or where the system does not say. */
function ofProcess(pid: number, field: 'Name' | 'PPid'): string | undefined {
  try {
    return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
