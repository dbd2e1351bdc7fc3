import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a child says of itself over its IPC channel once it serves. */
export interface ReadyMessage {
  readonly ready: true;
  readonly addresses: Readonly<Record<string, string>>;
}

export interface Child {
  readonly addresses: Readonly<Record<string, string>>;
  /** Resolves when the child has ended, with what it ended with. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** A child ended before it was ready; it has printed why. */
export class ChildFailed extends Error {
  override readonly name = 'ChildFailed';
}

const KILL_AFTER_MS = 10_000;

/**
 * Starts another process of this same program and resolves when it says that it is ready. It has an IPC channel to us: when
 * we end, however we end, the channel closes and the child stops. Throws `ChildFailed`.
 */
export async function startChild(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Child> {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? `exit code ${code}`));
  const ready = once(child, 'message').then(([message]) => message as ReadyMessage);
  const first = await Promise.race([ready, ended]);
  if (typeof first === 'string')
    throw new ChildFailed(`"orderstream ${args.join(' ')}" ended at its start: ${first}`);
  return { addresses: first.addresses, ended, stop: () => stopChild(child, ended) };
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const tooLate = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(tooLate);
}

/** Tells the parent, if a process of ours is one, that this child serves. */
export function tellParent(addresses: Readonly<Record<string, string>>): void {
  process.send?.({ ready: true, addresses } satisfies ReadyMessage);
}
