import { setTimeout as delay } from 'node:timers/promises';

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Returns a random delay from 0 to `firstMs × 2^attempt` milliseconds, at most `maxMs` (exponential backoff with full jitter). */
export const backoffMs = (attempt: number, { firstMs, maxMs }: Backoff): number =>
  Math.random() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));

/** Resolves after a time, or at once when the signal aborts. Without `ref`, the timer does not keep the process alive. */
export async function pause(
  ms: number,
  signal?: AbortSignal,
  { ref = true }: { readonly ref?: boolean } = {},
): Promise<void> {
  if (signal?.aborted) return;
  await delay(ms, undefined, signal === undefined ? { ref } : { signal, ref }).catch(() => {});
}
