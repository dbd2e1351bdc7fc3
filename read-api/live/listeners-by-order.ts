import type { TimelineEntry } from '../../projections/timeline/document.ts';
import { Messages } from './event-messages.ts';
import type { Listener } from './listener.ts';

/** The open live streams, by the order that they follow; undefined for those of all orders. */
export class ListenersByOrder {
  readonly #listeners = new Map<string | undefined, Set<Listener>>();

  add(listener: Listener): void {
    const group = this.#listeners.get(listener.orderId);
    if (group === undefined) this.#listeners.set(listener.orderId, new Set([listener]));
    else group.add(listener);
  }

  remove(listener: Listener): void {
    const group = this.#listeners.get(listener.orderId);
    group?.delete(listener);
    if (group?.size === 0) this.#listeners.delete(listener.orderId);
  }

  /** Sends each listener its part of these entries, which are in log order. */
  send(entries: readonly TimelineEntry[]): void {
    const byOrder = new Map<string | undefined, TimelineEntry[]>();
    for (const entry of entries) {
      if (!this.#listeners.has(entry.orderId)) continue;
      const ofOrder = byOrder.get(entry.orderId);
      if (ofOrder === undefined) byOrder.set(entry.orderId, [entry]);
      else ofOrder.push(entry);
    }
    for (const [orderId, ofOrder] of [[undefined, entries] as const, ...byOrder]) {
      const messages = new Messages(ofOrder);
      for (const listener of this.#listeners.get(orderId) ?? []) listener.send(messages);
    }
  }
}
