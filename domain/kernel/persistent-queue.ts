/**
 * An immutable first-in, first-out queue in chunks. Adding an item copies only the last chunk; a full chunk also copies the list
 * of chunks. Made of plain arrays and numbers, so that JSON can represent it.
 */
export interface PersistentQueue<Item> {
  readonly full: readonly (readonly Item[])[];
  readonly filling: readonly Item[];
  /** Number of items already taken from the oldest chunk. */
  readonly taken: number;
  readonly size: number;
}

/** With 10,000 items, adding one copies 26 items on average: 16 of the last chunk, and 1/32 of the list of 313 chunks. */
const CHUNK_SIZE = 32;

export const emptyQueue: PersistentQueue<never> = { full: [], filling: [], taken: 0, size: 0 };

export function enqueue<Item>(queue: PersistentQueue<Item>, item: Item): PersistentQueue<Item> {
  const { full, filling, taken, size } = queue;
  const grown = [...filling, item];
  return grown.length < CHUNK_SIZE
    ? { full, filling: grown, taken, size: size + 1 }
    : { full: [...full, grown], filling: [], taken, size: size + 1 };
}

/** Returns the oldest item and the queue without it; the item is undefined when the queue is empty. */
export function dequeue<Item>(queue: PersistentQueue<Item>): {
  readonly item: Item | undefined;
  readonly rest: PersistentQueue<Item>;
} {
  const { full, filling, taken, size } = queue;
  if (size === 0) return { item: undefined, rest: queue };
  const oldest = full[0] ?? filling;
  const item = oldest[taken];
  if (taken + 1 < oldest.length) return { item, rest: { full, filling, taken: taken + 1, size: size - 1 } };
  return full.length === 0
    ? { item, rest: emptyQueue }
    : { item, rest: { full: full.slice(1), filling, taken: 0, size: size - 1 } };
}

/** Creates a queue from items, the oldest first. */
export function fromItems<Item>(all: readonly Item[]): PersistentQueue<Item> {
  const chunks = Array.from({ length: Math.ceil(all.length / CHUNK_SIZE) }, (_, index) =>
    all.slice(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE),
  );
  const filling = all.length % CHUNK_SIZE === 0 ? [] : (chunks.pop() ?? []);
  return { full: chunks, filling, taken: 0, size: all.length };
}

/** Returns the items, the oldest first. */
export const items = <Item>({ full, filling, taken }: PersistentQueue<Item>): Item[] =>
  [...full, filling].flat().slice(taken);
