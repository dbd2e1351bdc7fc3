/**
 * An immutable first-in, first-out queue in chunks: adding copies the last chunk and the list of chunks, never all
 * that is queued. Plain arrays and numbers, so that JSON can hold it.
 */
export interface PersistentQueue<Item> {
  readonly chunks: readonly (readonly Item[])[];
  /** How many items of the first chunk were taken already. */
  readonly taken: number;
  readonly size: number;
}

/** The square root of the 10,000 items it is made for: chunks and their list stay equally short. */
const CHUNK_SIZE = 100;

export const emptyQueue: PersistentQueue<never> = { chunks: [], taken: 0, size: 0 };

export function enqueue<Item>(queue: PersistentQueue<Item>, item: Item): PersistentQueue<Item> {
  const { chunks, taken, size } = queue;
  const last = chunks.at(-1);
  const grown =
    last !== undefined && last.length < CHUNK_SIZE
      ? chunks.with(-1, last.concat([item]))
      : chunks.concat([[item]]);
  return { chunks: grown, taken, size: size + 1 };
}

/** The oldest item, and the queue without it; the item is undefined when the queue is empty. */
export function dequeue<Item>(queue: PersistentQueue<Item>): {
  item: Item | undefined;
  rest: PersistentQueue<Item>;
} {
  const { chunks, taken, size } = queue;
  const first = chunks[0];
  if (first === undefined) return { item: undefined, rest: queue };
  const spent = taken + 1 === first.length;
  const rest = { chunks: spent ? chunks.slice(1) : chunks, taken: spent ? 0 : taken + 1, size: size - 1 };
  return { item: first[taken], rest };
}

/** Oldest first. */
export const items = <Item>({ chunks, taken }: PersistentQueue<Item>): Item[] => chunks.flat().slice(taken);
