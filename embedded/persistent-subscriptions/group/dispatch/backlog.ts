import type { Entry, Message } from '../entry.ts';
import { Fifo } from './fifo.ts';
import { Heap } from './heap.ts';

/** What waits to be sent: what was sent before comes first, then replayed events, then what is new. */
export class Backlog<M extends Message> {
  readonly #again = new Heap<Entry<M>>();
  readonly #replayed = new Fifo<Entry<M>>();
  readonly #fresh = new Fifo<Entry<M>>();

  get size(): number {
    return this.#again.size + this.#replayed.size + this.#fresh.size;
  }

  /** An event that was not sent yet, behind all others of its kind. */
  add(entry: Entry<M>): void {
    if (entry.retrying) this.putBack(entry);
    else if (entry.origin === 'replay') this.#replayed.push(entry);
    else this.#fresh.push(entry);
  }

  /** An event that has to go out before new ones, in the order in which they were read. */
  putBack(entry: Entry<M>): void {
    if (entry.origin === 'replay') this.#replayed.push(entry);
    else this.#again.push(entry);
  }

  peek(): Entry<M> | undefined {
    return this.#again.peek() ?? this.#replayed.peek() ?? this.#fresh.peek();
  }

  shift(): Entry<M> | undefined {
    return this.#again.shift() ?? this.#replayed.shift() ?? this.#fresh.shift();
  }
}
