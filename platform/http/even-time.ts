import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than a look at a store takes, as a rule, and too short for people to notice. */
const STEP_MS = 50;

/**
 * Resolves once a whole number of steps has passed since `from`, a time of `performance.now()`. What took less than a step
 * so cannot be told from what took nothing.
 */
export async function evenTime(
  from: number,
  { now = () => performance.now(), wait = sleep as (ms: number) => Promise<unknown> } = {},
): Promise<void> {
  const steps = Math.max(1, Math.ceil((now() - from) / STEP_MS));
  const until = from + steps * STEP_MS;
  // A timer counts from the turn of the event loop that it was set in, and may so be early.
  for (let left = until - now(); left > 0; left = until - now()) await wait(Math.ceil(left));
}
