import type { TimelineEntry } from '../../projections/timeline/document.ts';
import { Messages } from './event-messages.ts';
import type { Listener } from './listener.ts';

/** The open live streams, by the order that they follow. */
export class ListenersByOrder {
  readonly #ofAll = new Set<Listener>();
  readonly #ofOrder = new Map<string, Set<Listener>>();

  add(listener: Listener): void {
    this.#of(listener.orderId).add(listener);
  }

  remove(listener: Listener): void {
    const { orderId } = listener;
    const group = this.#of(orderId);
    group.delete(listener);
    if (orderId !== undefined && group.size === 0) this.#ofOrder.delete(orderId);
  }

  /** Sends each listener its part of these entries, which are in log order. */
  send(entries: readonly TimelineEntry[]): void {
    if (entries.length === 0) return;
    if (this.#ofAll.size > 0) sendToEach(this.#ofAll, entries);
    const followed = new Map<string, TimelineEntry[]>();
    for (const entry of entries) {
      if (!this.#ofOrder.has(entry.orderId)) continue;
      const its = followed.get(entry.orderId);
      if (its === undefined) followed.set(entry.orderId, [entry]);
      else its.push(entry);
    }
    for (const [orderId, its] of followed) sendToEach(this.#of(orderId), its);
  }

  #of(orderId: string | undefined): Set<Listener> {
    if (orderId === undefined) return this.#ofAll;
    const known = this.#ofOrder.get(orderId);
    if (known !== undefined) return known;
    const group = new Set<Listener>();
    this.#ofOrder.set(orderId, group);
    return group;
  }
}

function sendToEach(listeners: Iterable<Listener>, entries: readonly TimelineEntry[]): void {
  const messages = new Messages(entries);
  for (const listener of listeners) listener.send(messages);
}
