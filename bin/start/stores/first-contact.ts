import type { Logger } from 'winston';
import { pause } from '../../../platform/async/backoff.ts';
import { settlesWithin } from '../../../platform/async/timeout.ts';

const SAY_EVERY_MS = 60_000;
const ASK_AGAIN_MS = 500;
/** Milliseconds without an answer until the wait is logged. */
const SOON_MS = 1_500;

export interface FirstContact<Answer> {
  /** Name and address of the store, such as `the event store at esdb://…`. */
  readonly what: string;
  readonly ask: () => Promise<Answer>;
  /** Whether a retry may help; default: for any error. */
  readonly isPassing?: (error: unknown) => boolean;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  /** Waits between two attempts; replaceable in tests. */
  readonly wait?: typeof pause;
}

/**
 * Retries until a store answers for the first time; resolves with the answer. Logs once a minute that it waits, and why.
 * Rejects with a permanent error, or with the last error when the signal aborts.
 */
export async function firstContact<Answer>({
  what,
  ask,
  isPassing = () => true,
  logger,
  signal,
  wait = pause,
}: FirstContact<Answer>): Promise<Answer> {
  let saidAt: number | undefined;
  const say = (reason: string) => {
    const now = performance.now();
    if (signal.aborted || (saidAt !== undefined && now - saidAt < SAY_EVERY_MS)) return;
    saidAt = now;
    logger.warn(`waiting for ${what}: ${reason}`);
  };
  for (;;) {
    const asking = ask();
    if (!(await settlesWithin(asking, SOON_MS))) say('it does not answer');
    try {
      const answer = await asking;
      if (saidAt !== undefined) logger.info(`${what} answers`);
      return answer;
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      say(error instanceof Error ? error.message : String(error));
      await wait(ASK_AGAIN_MS, signal);
    }
  }
}
