import { readFileSync } from 'node:fs';
import process from 'node:process';

const LOOK_EVERY_MS = 250;

/**
 * Global setup of vitest. npm starts vitest through a shell, and neither forwards every signal that ends it. So this run
 * ends itself when npm or the shell has ended.
 */
export default function endWithNpm(): void {
  if (process.env.npm_command === undefined) return;
  const parent = process.ppid;
  const npm = ofProcess(parent, 'Name')?.endsWith('sh') ? ofProcess(parent, 'PPid') : undefined;
  setInterval(() => {
    const hasEnded = process.ppid !== parent || (npm !== undefined && ofProcess(parent, 'PPid') !== npm);
    if (hasEnded) process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS).unref();
}

/** Reads a field of `/proc/PID/status`; undefined on other systems. */
function ofProcess(pid: number, field: 'Name' | 'PPid'): string | undefined {
  try {
    return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
