import { setTimeout as sleep } from 'node:timers/promises';
import { ShopUnavailable } from '../errors.ts';

const MAX_WAIT_MS = 120_000;
const MAX_PAUSE_MS = 1_000;
const PRINT_EVERY_MS = 10_000;

export interface RetryPolicyOptions {
  readonly print: (text: string) => void;
  readonly maxWaitMs?: number;
  readonly printEveryMs?: number;
}

const secondsSince = (startedAt: number) => Math.round((performance.now() - startedAt) / 1_000);

/** Creates a retry policy: retries temporary failures for two minutes and reports the failure every 10 s. */
export function createRetryPolicy({
  print,
  maxWaitMs = MAX_WAIT_MS,
  printEveryMs = PRINT_EVERY_MS,
}: RetryPolicyOptions) {
  /** Work that waits for the shop since its first attempt, in milliseconds of the process clock. */
  const waits = new Map<symbol, { readonly startedAt: number; readonly reason: string }>();
  let timer: NodeJS.Timeout | undefined;
  let reportedAt = Number.NEGATIVE_INFINITY;
  let printedAt = Number.NEGATIVE_INFINITY;

  /** Prints at most one text per interval, besides the reports of waits. */
  function printAtIntervals(text: string): void {
    if (performance.now() - printedAt < printEveryMs) return;
    printedAt = performance.now();
    print(text);
  }

  /** Reports the oldest wait when it is due, and sets a timer for the next report: one attempt may take long. */
  function report(): void {
    clearTimeout(timer);
    const [oldest] = waits.values();
    if (oldest === undefined) return;
    const dueAt = Math.max(oldest.startedAt + printEveryMs / 2, reportedAt + printEveryMs);
    if (performance.now() >= dueAt) {
      reportedAt = performance.now();
      print(`waiting: ${oldest.reason} (for ${secondsSince(oldest.startedAt)} s now)`);
    }
    timer = setTimeout(report, Math.max(dueAt, reportedAt + printEveryMs) - performance.now());
  }

  /**
   * Retries `attempt` while it returns a `TemporaryFailure`; returns its result. Throws `ShopUnavailable` after
   * `maxWaitMs`, and what `attempt` throws.
   */
  async function retry<Result>(attempt: () => Promise<Result | TemporaryFailure>): Promise<Result> {
    const startedAt = performance.now();
    const wait = Symbol();
    try {
      for (let tries = 0; ; tries++) {
        const result = await attempt();
        if (!(result instanceof TemporaryFailure)) return result;
        if (performance.now() - startedAt > maxWaitMs)
          throw new ShopUnavailable(`gave up after ${secondsSince(startedAt)} s: ${result.reason}`);
        waits.set(wait, { startedAt, reason: result.reason });
        report();
        await sleep(Math.min(MAX_PAUSE_MS, 25 * 2 ** tries) * (0.5 + Math.random() / 2));
      }
    } finally {
      if (waits.delete(wait) && waits.size === 0) clearTimeout(timer);
    }
  }

  return { printAtIntervals, retry };
}
export type RetryPolicy = ReturnType<typeof createRetryPolicy>;

/** An attempt failed, and a retry may succeed. */
export class TemporaryFailure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
