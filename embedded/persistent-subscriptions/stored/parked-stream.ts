import { appendEvent, jsonEvent, linkEvent } from '../../storage/append/append-event.ts';
import { LINK_TYPE, METADATA_TYPE, revisionText, type StoredEvent } from '../../storage/event.ts';
import type { EventLog } from '../../storage/log.ts';
import type { Delivery } from '../delivery.ts';

/**
 * Events that a group put aside, as links. One that was replayed is cut off once it is finished: until then it
 * survives a crash in here.
 */
export class ParkedStream {
  readonly #log: EventLog;
  readonly #name: string;
  readonly #writing = new Set<Promise<void>>();
  #first: number;
  #cutBefore: number;
  #cutting: Promise<void> | undefined;

  constructor(log: EventLog, name: string) {
    this.#log = log;
    this.#name = name;
    const { status, events } = log.readStreamForwards(name, 0, 1);
    const head = log.headRevision(name);
    this.#first = status === 'found' ? (events[0]?.revision ?? head + 1) : head + 1;
    this.#cutBefore = this.#first;
  }

  /** The revision of the first that is still parked. */
  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#log.headRevision(this.#name) + 1;
  }

  get count(): number {
    return Math.max(0, this.end - this.#first);
  }

  /** Links to the event itself, also when a link led to it: a link to a link would not be followed. */
  park({ event, link }: Delivery, reason: string): Promise<void> {
    const target = event ?? link;
    if (!target) return Promise.resolve();
    const name = `${revisionText(target.revision)}@${target.stream}`;
    const parked = linkEvent(LINK_TYPE, name, { added: new Date().toISOString(), reason });
    const writing = appendEvent(this.#log, this.#name, parked).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    return writing;
  }

  read(from: number, limit: number): readonly StoredEvent[] {
    return this.#log.readStreamForwards(this.#name, from, limit).events;
  }

  /** Takes away all below a revision; one write at a time, and only the newest of those that wait. */
  cut(before: number): void {
    this.#cutBefore = Math.max(this.#cutBefore, before);
    if (this.#cutting === undefined && this.#first < this.#cutBefore) this.#cutting = this.#cut();
  }

  async #cut(): Promise<void> {
    try {
      while (this.#first < this.#cutBefore) {
        const target = this.#cutBefore;
        await appendEvent(this.#log, `$$${this.#name}`, jsonEvent(METADATA_TYPE, { $tb: target }));
        this.#first = target;
      }
    } catch {
      // Not cut off means replayed once more at worst; the next event that is finished tries again.
    } finally {
      // In the turn in which the last was written: whatever is finished from now on starts a write of its own.
      this.#cutting = undefined;
    }
  }

  /** Resolves when nothing is on its way into the stream. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#writing, this.#cutting]);
  }

  async remove(): Promise<void> {
    await this.#log.softDelete(this.#name, 'any');
    this.#first = this.end;
  }
}
