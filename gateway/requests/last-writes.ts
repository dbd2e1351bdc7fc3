import { LRUCache } from 'lru-cache';
import { atMost } from '../../platform/at-most.ts';

/** Maximum number of sessions that are remembered; each takes about 200 bytes. */
const MAX_SESSIONS = 50_000;
/** Read models are seldom further behind; later, queries of the session no longer wait. */
const FORGET_AFTER_MS = 10 * 60 * 1000;

/** The log position of the last write of each session, from the responses of the command API. */
export class LastWrites {
  readonly #positions = new LRUCache<string, bigint>({ ...atMost(MAX_SESSIONS), ttl: FORGET_AFTER_MS });

  /** Records a position (decimal); an earlier one than the recorded has no effect, since responses may overtake one another. */
  record(session: string, position: string): void {
    if (!/^\d{1,19}$/.test(position)) return;
    const reached = BigInt(position);
    if (reached >= (this.#positions.get(session) ?? 0n)) this.#positions.set(session, reached);
  }

  /** Returns the position of the last write; undefined when the session has not written. */
  of(session: string): string | undefined {
    return this.#positions.get(session)?.toString();
  }
}
