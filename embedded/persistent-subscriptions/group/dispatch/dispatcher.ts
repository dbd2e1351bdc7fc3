import type { Entry, Message } from '../entry.ts';
import type { StrategyName } from '../settings.ts';
import { strategyOf } from '../strategies/strategies.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type Channel, Consumer } from './consumer.ts';
import { Rate } from './rate.ts';
import { Unacknowledged } from './unacknowledged.ts';
import { WaitingEvents } from './waiting.ts';

/** Shares out what waits among the consumers of a group, and knows who holds what. */
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

  /** What the consumer held or was kept for it goes to others. */
  leave(consumer: Consumer<M>): void {
    if (!this.consumers.delete(consumer)) return;
    this.#strategy.leave(consumer);
    for (const entry of this.#unacknowledged.takeAll(consumer)) this.#waiting.again(entry);
    this.#waiting.takeOver(consumer.backlog);
  }

  /** An event that was not sent yet. */
  add(entry: Entry<M>): void {
    this.#waiting.add(entry);
  }

  /** An event that has to be sent again; a pinned one to the same consumer, ahead of what waits there. */
  again(entry: Entry<M>, consumer?: Consumer<M>): void {
    const pinned = consumer !== undefined && entry.bucket >= 0 && this.consumers.has(consumer);
    this.#waiting.again(entry, pinned ? consumer.backlog : undefined);
  }

  /** The event that an answer is for, taken from the one who held it; undefined when there is none. */
  take(consumer: Consumer<M>, id: string): Entry<M> | undefined {
    return this.#unacknowledged.take(consumer, id);
  }

  /** The events sent at or before a time, taken from the ones who held them. */
  takeSentBy(time: number): [Entry<M>, Consumer<M>][] {
    return this.#unacknowledged.takeSentBy(time);
  }

  finished(entry: Entry<M>): void {
    this.#strategy.finished(entry);
  }

  /** Sends as much as consumers have room for, first what is kept for one alone. */
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
    this.#waiting.sent(entry);
    this.#unacknowledged.give(entry, consumer, this.#now());
    this.sent.count();
    consumer.send(entry.message, entry.retryCount);
  }
}
