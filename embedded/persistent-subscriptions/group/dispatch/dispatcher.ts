import type { Entry, Message } from '../entry.ts';
import type { StrategyName } from '../settings.ts';
import { strategyOf } from '../strategies/strategies.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type Channel, Consumer } from './consumer.ts';
import { Rate } from './rate.ts';
import { Unacknowledged } from './unacknowledged.ts';
import { WaitingEvents } from './waiting.ts';

/** Sends waiting events to the consumers of a group, and tracks which consumer has which event. */
export class Dispatcher<M extends Message> {
  readonly consumers = new Set<Consumer<M>>();
  readonly sent: Rate;
  readonly #now: () => number;
  readonly #strategy: Strategy<M>;
  readonly #waiting = new WaitingEvents<M>();
  readonly #unacknowledged = new Unacknowledged<M>();

  constructor(strategy: StrategyName, now: () => number) {
    this.#strategy = strategyOf<M>(strategy);
    this.#now = now;
    this.sent = new Rate(now);
  }

  get counts() {
    const { history, live, retry } = this.#waiting;
    return { history, live, retry, inFlight: this.#unacknowledged.size };
  }

  join(channel: Channel<M>): Consumer<M> {
    const consumer = new Consumer<M>(channel, this.#now);
    this.consumers.add(consumer);
    this.#strategy.join(consumer);
    return consumer;
  }

  /** Removes a consumer; its unacknowledged and waiting events go to others. */
  leave(consumer: Consumer<M>): void {
    if (!this.consumers.delete(consumer)) return;
    this.#strategy.leave(consumer);
    for (const entry of this.#unacknowledged.takeAll(consumer)) this.#waiting.addRetry(entry);
    this.#waiting.takeOver(consumer.backlog);
  }

  /** Adds an event that was not sent yet. */
  add(entry: Entry<M>): void {
    this.#waiting.add(entry);
  }

  /** Adds an event to be sent again: a pinned one to the same consumer, before other waiting events. */
  retry(entry: Entry<M>, consumer?: Consumer<M>): void {
    const isPinned = consumer !== undefined && entry.bucket >= 0 && this.consumers.has(consumer);
    this.#waiting.addRetry(entry, isPinned ? consumer.backlog : undefined);
  }

  /** Removes and returns the event that a consumer acknowledges; undefined if it does not have it. */
  take(consumer: Consumer<M>, id: string): Entry<M> | undefined {
    return this.#unacknowledged.take(consumer, id);
  }

  /** Removes and returns the events sent at or before a time, with their consumers. */
  takeSentBy(time: number): [Entry<M>, Consumer<M>][] {
    return this.#unacknowledged.takeSentBy(time);
  }

  /** Call when an event is acknowledged, skipped or parked. */
  finish(entry: Entry<M>): void {
    this.#strategy.onFinished(entry);
  }

  /** Sends events to all consumers with room; first those that wait for one consumer only. */
  dispatch(): void {
    for (const consumer of this.consumers) this.#drain(consumer);
    while (this.consumers.size > 0) {
      const next = this.#waiting.backlog.peek();
      const consumer = next && this.#strategy.choose(next);
      if (!consumer) return;
      this.#waiting.backlog.shift();
      if (consumer.hasRoom) this.#send(next, consumer);
      else consumer.backlog.add(next);
    }
  }

  #drain(consumer: Consumer<M>): void {
    while (consumer.backlog.size > 0 && consumer.hasRoom) {
      const entry = consumer.backlog.shift();
      if (entry) this.#send(entry, consumer);
    }
  }

  #send(entry: Entry<M>, consumer: Consumer<M>): void {
    this.#waiting.onSent(entry);
    this.#unacknowledged.add(entry, consumer, this.#now());
    this.sent.count();
    consumer.send(entry.message, entry.retryCount);
  }
}
