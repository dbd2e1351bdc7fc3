import type { Logger } from 'winston';
import { pause } from '../event-store/backoff.ts';
import { endsWithin } from '../platform/within.ts';

const SAY_EVERY_MS = 60_000;
const ASK_AGAIN_MS = 500;
/** A store that has not answered by then is waited for. */
const SOON_MS = 1_500;

export interface FirstContact<Answer> {
  /** What is waited for, and where: `the event store at esdb://…`. */
  readonly what: string;
  readonly ask: () => Promise<Answer>;
  /** Whether asking again may help; any failure unless told. */
  readonly isPassing?: (error: unknown) => boolean;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  /** Between two tries; a test stands in for it. */
  readonly wait?: typeof pause;
}

/**
 * Asks a store until it answers for the first time, and answers that; says once a minute that it is waited for, and why.
 * Rejects with a failure that does not pass, or with the last one when the signal aborts.
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
    if (!(await endsWithin(asking, SOON_MS))) say('it does not answer');
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
