import type { Readable } from 'node:stream';
import { Replaced, Unanswered } from '../connection/failures.ts';

/** A reading stream of the client. Its call ends only by `cancel` or `unsubscribe`. */
export interface ClientStream<Item> extends Readable {
  cancel?(): Promise<void>;
  unsubscribe?(): Promise<void>;
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<Item>;
}

export interface StreamLimits {
  /** Milliseconds without an item until the server counts as dead. */
  readonly idleMs?: number;
  /** Milliseconds within which the server must confirm a subscription. */
  readonly confirmMs?: number;
  /** Aborts when the reader stops reading. */
  readonly signal?: AbortSignal;
  /** Aborts when the client of the stream is replaced. */
  readonly replaced?: AbortSignal;
}

/**
 * Yields the items of a stream of the client, and always ends the call. Throws what the stream throws, `Unanswered` after
 * a time limit, and `Replaced`.
 */
export async function* itemsOf<Item>(
  stream: ClientStream<Item>,
  { idleMs, confirmMs, signal, replaced }: StreamLimits = {},
): AsyncGenerator<Item, void, undefined> {
  // Without a listener, an error after the last read would crash the process.
  stream.on('error', () => {});
  const stop = () => end(stream);
  if (signal?.aborted) return stop();
  signal?.addEventListener('abort', stop, { once: true });
  const leave = () => stream.destroy(new Replaced());
  if (replaced?.aborted) leave();
  replaced?.addEventListener('abort', leave, { once: true });
  const confirmed =
    confirmMs === undefined
      ? undefined
      : setTimeout(() => stream.destroy(new Unanswered(confirmMs)), confirmMs);
  stream.once('confirmation', () => clearTimeout(confirmed));
  let waiting = true;
  const watch =
    idleMs === undefined
      ? undefined
      : setTimeout(() => {
          if (waiting) stream.destroy(new Unanswered(idleMs));
        }, idleMs);
  let over = false;
  try {
    for await (const item of stream) {
      waiting = false;
      yield item;
      waiting = true;
      watch?.refresh();
    }
    over = true;
  } catch (error) {
    if (signal?.aborted) return;
    over = !(error instanceof Unanswered || error instanceof Replaced);
    throw error;
  } finally {
    clearTimeout(watch);
    clearTimeout(confirmed);
    signal?.removeEventListener('abort', stop);
    replaced?.removeEventListener('abort', leave);
    // Ending a call that has ended would cost as much as a short read.
    if (!over) stop();
  }
}

function end(stream: ClientStream<unknown>): void {
  (stream.cancel?.() ?? stream.unsubscribe?.())?.catch(() => {});
  stream.destroy();
}
