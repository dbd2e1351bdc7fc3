import type { Entry, Message } from '../entry.ts';
import type { Consumer } from './consumer.ts';

/** Who holds what: every event sent and not yet answered, in the order of sending, so that the first to time out comes first. */
export class Unacknowledged<M extends Message> {
  readonly #holders = new Map<Entry<M>, Consumer<M>>();

  get size(): number {
    return this.#holders.size;
  }

  give(entry: Entry<M>, consumer: Consumer<M>, now: number): void {
    entry.sentAt = now;
    consumer.inFlight.add(entry);
    this.#holders.set(entry, consumer);
  }

  /** The event that an answer is for, taken from the one who held it; undefined when there is none. */
  take(consumer: Consumer<M>, id: string): Entry<M> | undefined {
    const entry = consumer.inFlight.take(id);
    if (entry) this.#holders.delete(entry);
    return entry;
  }

  /** All that a consumer holds, which leaves. */
  takeAll(consumer: Consumer<M>): Entry<M>[] {
    const entries = [...consumer.inFlight];
    for (const entry of entries) this.#holders.delete(entry);
    return entries;
  }

  /** Those sent at or before a time, taken from the ones who held them. */
  takeSentBy(time: number): [Entry<M>, Consumer<M>][] {
    const late: [Entry<M>, Consumer<M>][] = [];
    for (const [entry, consumer] of this.#holders) {
      if (entry.sentAt > time) break;
      consumer.inFlight.remove(entry);
      this.#holders.delete(entry);
      late.push([entry, consumer]);
    }
    return late;
  }
}
