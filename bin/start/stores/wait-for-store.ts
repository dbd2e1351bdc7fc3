import type { Logger } from 'winston';
import { pause } from '../../../platform/async/backoff.ts';
import { settlesWithin } from '../../../platform/async/timeout.ts';

const LOG_EVERY_MS = 60_000;
const RETRY_AFTER_MS = 500;
/** Milliseconds without an answer until the wait is logged. */
const SOON_MS = 1_500;

export interface WaitForStore<Answer> {
  /** Name and address of the store, such as `the event store at esdb://…`. */
  readonly what: string;
  readonly connect: () => Promise<Answer>;
  /** Whether a retry may help; default: for any error. */
  readonly isTemporary?: (error: unknown) => boolean;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  /** Waits between two attempts; replaceable in tests. */
  readonly wait?: typeof pause;
}

/**
 * Retries until a store answers for the first time; resolves with the answer. Logs once a minute that it waits, and why.
 * Rejects with a permanent error, or with the last error when the signal aborts.
 */
export async function waitForStore<Answer>({
  what,
  connect,
  isTemporary = () => true,
  logger,
  signal,
  wait = pause,
}: WaitForStore<Answer>): Promise<Answer> {
  let loggedAt: number | undefined;
  const log = (reason: string) => {
    const now = performance.now();
    if (signal.aborted || (loggedAt !== undefined && now - loggedAt < LOG_EVERY_MS)) return;
    loggedAt = now;
    logger.warn(`waiting for ${what}: ${reason}`);
  };
  for (;;) {
    const connecting = connect();
    if (!(await settlesWithin(connecting, SOON_MS))) log('it does not answer');
    try {
      const answer = await connecting;
      if (loggedAt !== undefined) logger.info(`${what} answers`);
      return answer;
    } catch (error) {
      if (signal.aborted || !isTemporary(error)) throw error;
      log(error instanceof Error ? error.message : String(error));
      await wait(RETRY_AFTER_MS, signal);
    }
  }
}
