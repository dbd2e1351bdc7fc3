import type { Consumer } from '../dispatch/consumer.ts';
import type { Entry, Message } from '../entry.ts';
import type { Strategy } from './strategy.ts';

const BUCKETS = 1024;

/** FNV-1a over UTF-16 units: fast, and evenly distributed over 1,024 buckets. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}

/**
 * Sends all events of a key to one consumer. Keys are hashed into buckets, and a bucket is assigned to the consumer with the
 * fewest buckets. When more consumers connect, a consumer with more than its share gives up a bucket once none of the
 * bucket's events is in flight. So a key never has two consumers at a time, unless its consumer disconnects.
 */
export class PinnedStrategy<M extends Message> implements Strategy<M> {
  readonly #consumers = new Set<Consumer<M>>();
  readonly #owners = new Array<Consumer<M> | undefined>(BUCKETS).fill(undefined);
  readonly #inFlight = new Int32Array(BUCKETS);

  join(consumer: Consumer<M>): void {
    this.#consumers.add(consumer);
  }

  leave(consumer: Consumer<M>): void {
    this.#consumers.delete(consumer);
    consumer.buckets = 0;
    for (const [bucket, owner] of this.#owners.entries()) {
      if (owner === consumer) this.#owners[bucket] = undefined;
    }
  }

  /** Always returns the owner of the bucket, even if it is full; the event then waits for it. */
  choose(entry: Entry<M>): Consumer<M> | undefined {
    const first = entry.bucket < 0;
    if (first) entry.bucket = bucketOf(entry.message.key);
    const { bucket } = entry;
    let owner = this.#owners[bucket];
    if (!owner || (this.#inFlight[bucket] === 0 && this.#ownsTooMuch(owner))) {
      const next = this.#leastLoaded();
      if (owner && next) owner.buckets--;
      if (next) next.buckets++;
      this.#owners[bucket] = next;
      owner = next;
    }
    if (first) this.#count(bucket, 1);
    return owner;
  }

  onFinished({ bucket }: Entry<M>): void {
    if (bucket >= 0) this.#count(bucket, -1);
  }

  #count(bucket: number, by: number): void {
    this.#inFlight[bucket] = (this.#inFlight[bucket] ?? 0) + by;
  }

  #ownsTooMuch(owner: Consumer<M>): boolean {
    return owner.buckets * this.#consumers.size > BUCKETS;
  }

  #leastLoaded(): Consumer<M> | undefined {
    let least: Consumer<M> | undefined;
    for (const consumer of this.#consumers) if (!least || consumer.buckets < least.buckets) least = consumer;
    return least;
  }
}
