import type { Entry, Message } from '../entry.ts';
import type { Consumer } from './consumer.ts';

/** The unacknowledged events and their consumers, in order of delivery, so that the first to time out is first. */
export class Unacknowledged<M extends Message> {
  readonly #consumers = new Map<Entry<M>, Consumer<M>>();

  get size(): number {
    return this.#consumers.size;
  }

  add(entry: Entry<M>, consumer: Consumer<M>, now: number): void {
    entry.sentAt = now;
    consumer.inFlight.add(entry);
    this.#consumers.set(entry, consumer);
  }

  /** Removes and returns the event that a consumer acknowledges; undefined if it does not have it. */
  take(consumer: Consumer<M>, id: string): Entry<M> | undefined {
    const entry = consumer.inFlight.take(id);
    if (entry) this.#consumers.delete(entry);
    return entry;
  }

  /** Removes and returns all events of a consumer that disconnects. */
  takeAll(consumer: Consumer<M>): Entry<M>[] {
    const entries = [...consumer.inFlight];
    for (const entry of entries) this.#consumers.delete(entry);
    return entries;
  }

  /** Removes and returns the events sent at or before a time, with their consumers. */
  takeSentBy(time: number): [Entry<M>, Consumer<M>][] {
    const expired: [Entry<M>, Consumer<M>][] = [];
    for (const [entry, consumer] of this.#consumers) {
      if (entry.sentAt > time) break;
      consumer.inFlight.remove(entry);
      this.#consumers.delete(entry);
      expired.push([entry, consumer]);
    }
    return expired;
  }
}
