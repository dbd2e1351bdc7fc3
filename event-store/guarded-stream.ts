import type { Readable } from 'node:stream';
import { Unanswered } from './failures.ts';

/** A reading stream of the client: it ends its call only when told to. */
export interface ClientStream<Item> extends Readable {
  cancel?(): Promise<void>;
  unsubscribe?(): Promise<void>;
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<Item>;
}

/** The items of a stream of the client, with the call ended whichever way the reading ends. */
export async function* itemsOf<Item>(
  stream: ClientStream<Item>,
  { idleMs, signal }: { readonly idleMs?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Item, void, undefined> {
  // An error that comes when nobody reads any more would otherwise end the process.
  stream.on('error', () => {});
  const stop = () => end(stream);
  if (signal?.aborted) return stop();
  signal?.addEventListener('abort', stop, { once: true });
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
    over = !(error instanceof Unanswered);
    throw error;
  } finally {
    clearTimeout(watch);
    signal?.removeEventListener('abort', stop);
    // Ending a call that is over costs as much again as a short read.
    if (!over) stop();
  }
}

function end(stream: ClientStream<unknown>): void {
  (stream.cancel?.() ?? stream.unsubscribe?.())?.catch(() => {});
  stream.destroy();
}
