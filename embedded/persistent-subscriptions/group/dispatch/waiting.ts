import type { Entry, Message } from '../entry.ts';
import { Backlog } from './backlog.ts';

/** All that waits to be sent, counted by the buffer that it takes room in. */
export class WaitingEvents<M extends Message> {
  /** What waits for whoever comes; what is pinned to a consumer that is full waits there. */
  readonly backlog = new Backlog<M>();
  readonly #fresh = { history: 0, live: 0, replay: 0 };
  #again = 0;

  get history(): number {
    return this.#fresh.history;
  }

  get live(): number {
    return this.#fresh.live;
  }

  /** Replayed events count as retried ones. */
  get retry(): number {
    return this.#again + this.#fresh.replay;
  }

  add(entry: Entry<M>): void {
    this.#fresh[entry.origin]++;
    this.backlog.add(entry);
  }

  /** An event that was sent before, and has to be again. */
  again(entry: Entry<M>, backlog: Backlog<M> = this.backlog): void {
    entry.retryCount++;
    entry.retrying = true;
    this.#again++;
    backlog.putBack(entry);
  }

  sent(entry: Entry<M>): void {
    if (entry.retrying) this.#again--;
    else this.#fresh[entry.origin]--;
    entry.retrying = false;
  }

  /** What waited for a consumer that left. */
  takeOver(backlog: Backlog<M>): void {
    for (let entry = backlog.shift(); entry; entry = backlog.shift()) this.backlog.putBack(entry);
  }
}
