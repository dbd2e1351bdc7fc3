import type { Entry, Message } from '../entry.ts';
import { Fifo } from './fifo.ts';
import { Heap } from './heap.ts';

/** A queue of events to send: first retries in reading order, then replayed events, then new ones. */
export class Backlog<M extends Message> {
  readonly #retries = new Heap<Entry<M>>();
  readonly #replayed = new Fifo<Entry<M>>();
  readonly #fresh = new Fifo<Entry<M>>();

  get size(): number {
    return this.#retries.size + this.#replayed.size + this.#fresh.size;
  }

  /** Adds an event at the end of its kind. */
  add(entry: Entry<M>): void {
    if (entry.isRetry) this.putBack(entry);
    else if (entry.origin === 'replay') this.#replayed.push(entry);
    else this.#fresh.push(entry);
  }

  /** Adds an event that must be sent before new ones. */
  putBack(entry: Entry<M>): void {
    if (entry.origin === 'replay') this.#replayed.push(entry);
    else this.#retries.push(entry);
  }

  peek(): Entry<M> | undefined {
    return this.#retries.peek() ?? this.#replayed.peek() ?? this.#fresh.peek();
  }

  shift(): Entry<M> | undefined {
    return this.#retries.shift() ?? this.#replayed.shift() ?? this.#fresh.shift();
  }
}
