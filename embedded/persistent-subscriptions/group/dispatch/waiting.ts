import type { Entry, Message } from '../entry.ts';
import { Backlog } from './backlog.ts';

/** The events waiting to be sent, counted by the buffer that they use. */
export class WaitingEvents<M extends Message> {
  /** Events for any consumer. Those pinned to a full consumer wait in that consumer's backlog. */
  readonly backlog = new Backlog<M>();
  readonly #fresh = { history: 0, live: 0, replay: 0 };
  #retries = 0;

  get history(): number {
    return this.#fresh.history;
  }

  get live(): number {
    return this.#fresh.live;
  }

  /** Replayed events count as retries. */
  get retry(): number {
    return this.#retries + this.#fresh.replay;
  }

  add(entry: Entry<M>): void {
    this.#fresh[entry.origin]++;
    this.backlog.add(entry);
  }

  /** Adds an event to be sent again. */
  addRetry(entry: Entry<M>, backlog: Backlog<M> = this.backlog): void {
    entry.retryCount++;
    entry.isRetry = true;
    this.#retries++;
    backlog.putBack(entry);
  }

  /** Call when an event of a backlog was sent. */
  onSent(entry: Entry<M>): void {
    if (entry.isRetry) this.#retries--;
    else this.#fresh[entry.origin]--;
    entry.isRetry = false;
  }

  /** Moves the events that waited for a disconnected consumer. */
  takeOver(backlog: Backlog<M>): void {
    for (let entry = backlog.shift(); entry; entry = backlog.shift()) this.backlog.putBack(entry);
  }
}
