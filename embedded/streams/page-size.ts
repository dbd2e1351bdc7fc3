import type { StoredEvent } from '../storage/event.ts';

const FIRST = 32;
const MOST = 512;
const FEW_BYTES = 128 * 1024;
const MANY_BYTES = 1024 * 1024;

/** How many events to take from the log at once: many small ones, few large ones, so that a page stays near 1 MiB. */
export class PageSize {
  #size = FIRST;

  get current(): number {
    return this.#size;
  }

  /** Learns from the page just read. */
  adapt(events: readonly StoredEvent[]): void {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (bytes < FEW_BYTES) this.#size = Math.min(this.#size * 2, MOST);
    else if (bytes > MANY_BYTES) this.#size = Math.max(Math.floor(this.#size / 4), 1);
  }
}
