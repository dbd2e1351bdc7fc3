import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../../support/http.ts';

const AGAIN_AFTER_MS = 50;
/** A store is away, or a read model behind: it passes. */
const PASSING = [503, 504];

/**
 * Asks again, in the same words, while nobody is there, the connection breaks, or a store is away; any other answer is
 * one. Rejects when the signal aborts, and with what is no matter of connections.
 */
export async function patiently(ask: () => Promise<HttpAnswer>, signal: AbortSignal): Promise<HttpAnswer> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await ask();
      if (!PASSING.includes(answer.status)) return answer;
    } catch (error) {
      // Of fetch, for whatever the network does.
      if (!(error instanceof TypeError)) throw error;
    }
    await sleep(AGAIN_AFTER_MS, undefined, { signal });
  }
}
