import type { StoredEvent } from '../../../storage/event.ts';

const FIRST = 32;
const MOST = 512;
/** Where a filter passes over nearly all, only names and types are read. */
const MAX_CHECKED = 4096;
const FEW_BYTES = 128 * 1024;
const MANY_BYTES = 1024 * 1024;

/** How many events to take from the log at once: many small ones, few large ones, so that a page stays near 1 MiB. */
export class PageSize {
  #size = FIRST;

  get current(): number {
    return this.#size;
  }

  /** Learns from the page just read: how many events it checked at, and those of them that it read. */
  adapt({ events, checked }: { readonly events: readonly StoredEvent[]; readonly checked: number }): void {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (bytes > MANY_BYTES) this.#size = Math.max(Math.floor(this.#size / 4), 1);
    else if (bytes < FEW_BYTES) {
      const most = events.length * 8 < checked ? MAX_CHECKED : MOST;
      this.#size = Math.max(this.#size, Math.min(this.#size * 2, most));
    }
    if (this.#size > MOST && events.length * 8 >= checked) this.#size = MOST;
  }
}
