import { pause } from '../../async/backoff.ts';

/** Usually longer than a read of a store, and too short for a person to notice. */
const STEP_MS = 50;

/**
 * Resolves when a whole number of steps (50 ms by default) has passed since `startedAt`, a time of `performance.now()`. So a
 * client cannot tell apart requests that take less than a step.
 */
export async function hideDuration(
  startedAt: number,
  { now = () => performance.now(), wait = pause as (ms: number) => Promise<unknown>, stepMs = STEP_MS } = {},
): Promise<void> {
  const steps = Math.max(1, Math.ceil((now() - startedAt) / stepMs));
  const until = startedAt + steps * stepMs;
  // A timer counts from the start of the current turn of the event loop, so it may fire early.
  for (let left = until - now(); left > 0; left = until - now()) await wait(Math.ceil(left));
}
