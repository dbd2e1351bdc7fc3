import { setTimeout as sleep } from 'node:timers/promises';

/** The shop stayed away for longer than a replay waits. */
export class ShopAway extends Error {
  override readonly name = 'ShopAway';
}

const MAX_WAIT_MS = 120_000;
const MAX_PAUSE_MS = 1_000;
const SAY_EVERY_MS = 10_000;

export interface PatienceOptions {
  readonly say: (text: string) => void;
  /** In milliseconds; for tests. */
  readonly maxWaitMs?: number;
  readonly sayEveryMs?: number;
}

/** Repeats what fails in passing, for two minutes in a row, and says every 10 s what it waits for. */
export function createPatience({ say, maxWaitMs = MAX_WAIT_MS, sayEveryMs = SAY_EVERY_MS }: PatienceOptions) {
  let saidAt = Number.NEGATIVE_INFINITY;

  /** Says something at most once per interval, whoever asks. */
  function remark(text: string): void {
    if (performance.now() - saidAt < sayEveryMs) return;
    saidAt = performance.now();
    say(text);
  }

  /**
   * Returns what `attempt` comes to once it is no `Failing`: something that may pass, in words. Throws `ShopAway` after
   * `maxWaitMs`, and what `attempt` throws.
   */
  async function until<Result>(attempt: () => Promise<Result | Failing>): Promise<Result> {
    const startedAt = performance.now();
    for (let tries = 0; ; tries++) {
      const result = await attempt();
      if (!(result instanceof Failing)) return result;
      const waited = performance.now() - startedAt;
      const seconds = Math.round(waited / 1_000);
      if (waited > maxWaitMs) throw new ShopAway(`gave up after ${seconds} s: ${result.reason}`);
      if (waited > sayEveryMs / 2) remark(`waiting: ${result.reason} (for ${seconds} s now)`);
      await sleep(Math.min(MAX_PAUSE_MS, 25 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }

  return { remark, until };
}
export type Patience = ReturnType<typeof createPatience>;

/** An attempt failed in a way that may pass. */
export class Failing {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
