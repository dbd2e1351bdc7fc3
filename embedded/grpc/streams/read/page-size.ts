import type { StoredEvent } from '../../../storage/event.ts';

const INITIAL = 32;
const MAX = 512;
/** Larger if a filter matches few events, since then only names and types are read. */
const MAX_CHECKED = 4096;
const FEW_BYTES = 128 * 1024;
const MANY_BYTES = 1024 * 1024;

/** Adapts the number of events of a page to their size, so that a page has at most about 1 MiB. */
export class PageSize {
  #size = INITIAL;

  get current(): number {
    return this.#size;
  }

  /** Adapts the size to the last page: the number of checked events, and the events read. */
  adapt({ events, checked }: { readonly events: readonly StoredEvent[]; readonly checked: number }): void {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (bytes > MANY_BYTES) this.#size = Math.max(Math.floor(this.#size / 4), 1);
    else if (bytes < FEW_BYTES) {
      const max = events.length * 8 < checked ? MAX_CHECKED : MAX;
      this.#size = Math.max(this.#size, Math.min(this.#size * 2, max));
    }
    if (this.#size > MAX && events.length * 8 >= checked) this.#size = MAX;
  }
}
