import { setTimeout as sleep } from 'node:timers/promises';

/** Usually longer than a read of a store, and too short for people to notice. */
const STEP_MS = 50;

/**
 * Resolves once a whole number of steps has passed since `from`, a time of `performance.now()`. So callers cannot tell
 * requests apart that take less than a step.
 */
export async function hideDuration(
  from: number,
  { now = () => performance.now(), wait = sleep as (ms: number) => Promise<unknown> } = {},
): Promise<void> {
  const steps = Math.max(1, Math.ceil((now() - from) / STEP_MS));
  const until = from + steps * STEP_MS;
  // A timer counts from the start of the current turn of the event loop, so it may fire early.
  for (let left = until - now(); left > 0; left = until - now()) await wait(Math.ceil(left));
}
