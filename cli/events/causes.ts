import type { TimelineEvent } from '../orders/order.ts';

/** Enough for the events of some hundred orders. */
const MAX_REMEMBERED = 20_000;

/** Names the causes of events by the events that it has seen. */
export class Causes {
  readonly #types = new Map<string, string>();

  /** Remembers an event. Returns the type of the event that caused it; undefined when a command did, or it was not seen. */
  of({ id, type, causationId }: TimelineEvent): string | undefined {
    if (id !== undefined) this.#types.set(id, type);
    if (this.#types.size > MAX_REMEMBERED) {
      const [oldest] = this.#types.keys();
      if (oldest !== undefined) this.#types.delete(oldest);
    }
    return this.#types.get(causationId);
  }
}
