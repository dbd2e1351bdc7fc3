import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { StopSignal } from '../platform/graceful.ts';
import { CHILD_OPTION } from './child-option.ts';
import type { Running } from './roles/running.ts';

/** What a child says to its parent over their IPC channel: that it serves, or that a signal asked it to stop. */
type Message = { readonly addresses: Readonly<Record<string, string>> } | { readonly signal: StopSignal };

/** A child ended that was to go on; the message is a sentence, and empty where the child has printed its own. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded';
}

export interface ChildOptions {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly nodeFlags: readonly string[];
  /** A signal reached the child: who sends one to it sends one to its parent as well, or means all of them. */
  readonly onSignal: (signal: StopSignal) => void;
}

export interface Child extends Running {
  /** Rejects with `ChildEnded`. */
  readonly ready: Promise<void>;
}

const KILL_AFTER_MS = 12_000;

/**
 * Starts another process of this same program. The IPC channel to it closes when we ask it to stop and when we end, however
 * we end: then the child stops.
 */
export function startChild({ args, env, nodeFlags, onSignal }: ChildOptions): Child {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...nodeFlags, program, ...args, CHILD_OPTION], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const options = args.findIndex((word) => word.startsWith('--'));
  const words = options === -1 ? args : args.slice(0, options);
  const addresses: Record<string, string> = {};
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: Message) => {
      if ('signal' in message) onSignal(message.signal);
      else resolve(void Object.assign(addresses, message.addresses));
    });
  });
  let serves = false;
  let stopping = false;
  const ended = once(child, 'exit').then(([code, signal]) => {
    // Too early for a child to hear them: they end it, as they end everything else.
    if (signal === 'SIGINT' || signal === 'SIGTERM') onSignal(signal);
    const hasPrinted = signal === null && !serves;
    const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
    return hasPrinted
      ? ''
      : `"orderstream ${words.join(' ')}" ${how}: all that was started with it stops too.`;
  });
  const failed = ended.then((sentence) => {
    if (!stopping) throw new ChildEnded(sentence);
    return new Promise<never>(() => {});
  });
  return {
    addresses,
    failed,
    ready: Promise.race([
      ready.then(() => {
        serves = true;
      }),
      failed,
    ]),
    stop: () => {
      stopping = true;
      return stopChild(child, ended);
    },
  };
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.connected) child.disconnect();
  const tooLate = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(tooLate);
}

/** Whether the parent of this child is there no more. */
export const isOrphan = (): boolean => !process.connected;

/** Tells the parent, a process of ours. One that is gone is seen by the closed channel. */
export function tellParent(message: Message): void {
  if (process.connected) process.send?.(message, () => {});
}
