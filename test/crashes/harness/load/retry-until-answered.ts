import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../../../support/http.ts';

const AGAIN_AFTER_MS = 50;
/** A store is away, or a read model behind: it passes. */
const PASSING = [503, 504];

/** Nobody was there to hear it. */
const isUnheard = ({ cause }: TypeError): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';

/**
 * Asks again, in the same words, while nobody is there, the connection breaks, or a store is away; any other answer is
 * one. `onLost` is told of each question that was under way when its connection broke: nobody knows what came of it.
 * Rejects when the signal aborts, and with what is no matter of connections.
 */
export async function patiently(
  ask: () => Promise<HttpAnswer>,
  signal: AbortSignal,
  onLost: () => void,
): Promise<HttpAnswer> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await ask();
      if (!PASSING.includes(answer.status)) return answer;
    } catch (error) {
      // Of fetch, for whatever the network does.
      if (!(error instanceof TypeError)) throw error;
      if (!isUnheard(error)) onLost();
    }
    await sleep(AGAIN_AFTER_MS, undefined, { signal });
  }
}
