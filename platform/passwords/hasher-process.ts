// The program of the process that hashes passwords. A hash takes a core for some 30 ms. Below normal priority, and with a rest
// after each hash, orders hardly notice; the lowest priority would stop log-ins while orders use all cores.
import { constants, getPriority, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashPassword, verifyPassword } from './argon2.ts';
import type { HashRequest, HashResponse } from './password-hasher.ts';

// Below the parent, whose own priority may be lower already; 19 is the lowest.
setPriority(Math.min(19, getPriority() + constants.priority.PRIORITY_BELOW_NORMAL));

// One after another, on this thread: Linux knows a priority of each thread, and the threads of libuv may exist already.
let idle: Promise<void> = Promise.resolve();
process.on('message', (request: HashRequest) => {
  idle = idle.then(() => hashAndRest(request));
});

// The channel closes when the parent ends, also by kill -9.
process.on('disconnect', () => process.exit());

// A signal of the terminal goes to all processes; the parent still needs this one to end its requests.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

/** Rests as long as the hash took: a flood of log-ins takes half of a core at most. */
async function hashAndRest(request: HashRequest): Promise<void> {
  const startedAt = performance.now();
  process.send?.(responseTo(request));
  await sleep(performance.now() - startedAt);
}

function responseTo({ id, password, hash }: HashRequest): HashResponse {
  try {
    return hash === undefined
      ? { id, hash: hashPassword(password) }
      : { id, matches: verifyPassword(hash, password) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}
