import { appendEvent, jsonEvent, linkTo } from '../../storage/append/append-event.ts';
import { METADATA_TYPE, type StoredEvent } from '../../storage/event.ts';
import type { EventLog } from '../../storage/log.ts';
import type { Delivery } from '../delivery.ts';

/**
 * The parked events of a group, as links. A replayed event stays in the stream until it is finished, so that a crash does
 * not lose it.
 */
export class ParkedStream {
  readonly #log: EventLog;
  readonly #name: string;
  readonly #writing = new Set<Promise<void>>();
  #first: number;
  #truncateBefore: number;
  #truncating: Promise<void> | undefined;

  constructor(log: EventLog, name: string) {
    this.#log = log;
    this.#name = name;
    const { status, events } = log.readStreamForwards(name, 0, 1);
    const head = log.headRevision(name);
    this.#first = status === 'found' ? (events[0]?.revision ?? head + 1) : head + 1;
    this.#truncateBefore = this.#first;
  }

  /** The revision of the first parked event. */
  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#log.headRevision(this.#name) + 1;
  }

  get count(): number {
    return Math.max(0, this.end - this.#first);
  }

  /** Links to the event itself, even if it was reached through a link: a link to a link would not be resolved. */
  park({ event, link }: Delivery, reason: string): Promise<void> {
    const target = event ?? link;
    if (!target) return Promise.resolve();
    const parked = linkTo(target, { added: new Date().toISOString(), reason });
    const write = appendEvent(this.#log, this.#name, parked).finally(() => this.#writing.delete(write));
    this.#writing.add(write);
    return write;
  }

  read(from: number, limit: number): readonly StoredEvent[] {
    return this.#log.readStreamForwards(this.#name, from, limit).events;
  }

  /** Hides all events below a revision. One write at a time; a waiting one is replaced by a newer one. */
  truncate(before: number): void {
    this.#truncateBefore = Math.max(this.#truncateBefore, before);
    if (this.#truncating === undefined && this.#first < this.#truncateBefore)
      this.#truncating = this.#truncate();
  }

  async #truncate(): Promise<void> {
    try {
      while (this.#first < this.#truncateBefore) {
        const target = this.#truncateBefore;
        await appendEvent(this.#log, `$$${this.#name}`, jsonEvent(METADATA_TYPE, { $tb: target }));
        this.#first = target;
      }
    } catch {
      // At worst, events are replayed again. The next finished event retries.
    } finally {
      // In the same turn as the last write, so that the next finished event starts a new one.
      this.#truncating = undefined;
    }
  }

  /** Resolves when no write to the stream is in flight. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#writing, this.#truncating]);
  }

  async remove(): Promise<void> {
    await this.#log.softDelete(this.#name, 'any');
    this.#first = this.end;
  }
}
