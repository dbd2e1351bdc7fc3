import type { Message } from '../entry.ts';
import { Backlog } from './backlog.ts';
import { InFlight } from './in-flight.ts';
import { Latencies } from './latencies.ts';
import { Rate } from './rate.ts';

/** The connection of a group to a consumer. */
export interface Channel<M> {
  /** Maximum number of unacknowledged events. */
  readonly bufferSize: number;
  readonly send: (message: M, retryCount: number) => void;
  /** Returns whether the consumer reads too slowly. Called again with every tick. */
  readonly isBackedUp: () => boolean;
}

/** A consumer of a group: its room, its unacknowledged events, and the events that wait for it alone. */
export class Consumer<M extends Message> {
  readonly #channel: Channel<M>;
  readonly inFlight = new InFlight<M>();
  /** Events that a pinning strategy assigned to this consumer while it was full. */
  readonly backlog = new Backlog<M>();
  readonly sent: Rate;
  readonly latencies = new Latencies();
  /** Number of buckets that a pinning strategy assigned to this consumer. */
  buckets = 0;

  constructor(channel: Channel<M>, now: () => number) {
    this.#channel = channel;
    this.sent = new Rate(now);
  }

  send(message: M, retryCount: number): void {
    this.sent.count();
    this.#channel.send(message, retryCount);
  }

  get availableSlots(): number {
    return this.#channel.bufferSize - this.inFlight.size;
  }

  get hasRoom(): boolean {
    return this.availableSlots > 0 && !this.#channel.isBackedUp();
  }
}
