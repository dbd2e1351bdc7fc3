import { setTimeout as sleep } from 'node:timers/promises';

/** The shop was unavailable for longer than the maximum wait. */
export class ShopUnavailable extends Error {
  override readonly name = 'ShopUnavailable';
}

const MAX_WAIT_MS = 120_000;
const MAX_PAUSE_MS = 1_000;
const SAY_EVERY_MS = 10_000;

export interface PatienceOptions {
  readonly say: (text: string) => void;
  /** In milliseconds. */
  readonly maxWaitMs?: number;
  readonly sayEveryMs?: number;
}

/** Creates a retry policy: retries temporary failures for two minutes and reports the failure every 10 s. */
export function createPatience({ say, maxWaitMs = MAX_WAIT_MS, sayEveryMs = SAY_EVERY_MS }: PatienceOptions) {
  let saidAt = Number.NEGATIVE_INFINITY;

  /** Reports at most one text per interval. */
  function remark(text: string): void {
    if (performance.now() - saidAt < sayEveryMs) return;
    saidAt = performance.now();
    say(text);
  }

  /**
   * Retries `attempt` while it returns a `TemporaryFailure`; returns its result. Throws `ShopUnavailable` after
   * `maxWaitMs`, and what `attempt` throws.
   */
  async function until<Result>(attempt: () => Promise<Result | TemporaryFailure>): Promise<Result> {
    const startedAt = performance.now();
    for (let tries = 0; ; tries++) {
      const result = await attempt();
      if (!(result instanceof TemporaryFailure)) return result;
      const waited = performance.now() - startedAt;
      const seconds = Math.round(waited / 1_000);
      if (waited > maxWaitMs) throw new ShopUnavailable(`gave up after ${seconds} s: ${result.reason}`);
      if (waited > sayEveryMs / 2) remark(`waiting: ${result.reason} (for ${seconds} s now)`);
      await sleep(Math.min(MAX_PAUSE_MS, 25 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }

  return { remark, until };
}
export type Patience = ReturnType<typeof createPatience>;

/** An attempt failed, and a retry may succeed. */
export class TemporaryFailure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
