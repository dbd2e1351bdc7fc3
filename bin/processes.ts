import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Running } from './roles/running.ts';

/** What a child says of itself over its IPC channel once it serves. */
interface ReadyMessage {
  readonly ready: true;
  readonly addresses: Readonly<Record<string, string>>;
}

/** A child ended; at its start it has printed why. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded';
}

const KILL_AFTER_MS = 12_000;

/**
 * Starts another process of this same program and resolves when it says that it serves. It has an IPC channel to us: when
 * we end, however we end, the channel closes and the child stops. Throws `ChildEnded`.
 */
export async function startChild(
  args: readonly string[],
  nodeFlags: readonly string[] = process.execArgv,
): Promise<Running> {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...nodeFlags, program, ...args], {
    detached: false,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? `exit code ${code}`));
  const ready = once(child, 'message').then(([message]) => message as ReadyMessage);
  const first = await Promise.race([ready, ended]);
  if (typeof first === 'string') throw new ChildEnded(`"orderstream ${args.join(' ')}" ended at its start`);

  let stopping = false;
  return {
    addresses: first.addresses,
    failed: ended.then((how) => {
      if (!stopping) throw new ChildEnded(`"orderstream ${args.join(' ')}" ended: ${how}`);
      return new Promise<never>(() => {});
    }),
    stop: () => {
      stopping = true;
      return stopChild(child, ended);
    },
  };
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const tooLate = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(tooLate);
}

/** Whether this process is a child of ours, whose parent is there no more. */
export const isOrphan = (): boolean => process.send !== undefined && !process.connected;

/** Tells the parent, a process of ours, that this child serves. A parent that is gone is seen by the closed channel. */
export function tellParent(addresses: Readonly<Record<string, string>>): void {
  if (process.connected) process.send?.({ ready: true, addresses } satisfies ReadyMessage, () => {});
}
