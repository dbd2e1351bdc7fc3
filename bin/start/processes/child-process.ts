import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { StopSignal } from '../../../platform/graceful-stop.ts';
import type { RunningRole } from '../../roles/running-role.ts';
import { CHILD_OPTION } from './child-option.ts';

/** Message of a child to its parent over IPC: it serves at these addresses, received a signal, or fails for a reason. */
type Message =
  | { readonly addresses: Readonly<Record<string, string>> }
  | { readonly signal: StopSignal }
  | { readonly failure: string };

/** A child ended unexpectedly: the message is the child's own sentence, or empty when the child has printed a stack trace. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded';
}

export interface ChildOptions {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly nodeFlags: readonly string[];
  /** The child received a signal, which is meant for all processes of the start. */
  readonly onSignal: (signal: StopSignal) => void;
}

export interface Child extends RunningRole {
  /** Rejects with `ChildEnded`. */
  readonly ready: Promise<void>;
}

const KILL_AFTER_MS = 12_000;

/**
 * Starts a child process of this program. The child stops when its IPC channel closes: when the parent asks it to stop,
 * or when the parent ends, also by kill -9.
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
  let failure: string | undefined;
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: Message) => {
      if ('signal' in message) onSignal(message.signal);
      else if ('failure' in message) failure = message.failure;
      else resolve(void Object.assign(addresses, message.addresses));
    });
  });
  let serves = false;
  let stopping = false;
  // The channel closes after its last message was read.
  const closed = once(child, 'disconnect');
  const ended = once(child, 'exit').then(async ([code, signal]) => {
    await closed;
    // The child has no handlers yet, so these signals end it.
    if (signal === 'SIGINT' || signal === 'SIGTERM') onSignal(signal);
    if (failure !== undefined) return failure;
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

/** Returns whether the parent of this child has ended. */
export const isOrphan = (): boolean => !process.connected;

/** Sends a message to the parent; resolves when it is sent. When the parent has ended, the closed channel stops this process. */
export function sendToParent(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
}
