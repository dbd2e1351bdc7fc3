import type { Message } from '../entry.ts';
import { Backlog } from './backlog.ts';
import { InFlight } from './in-flight.ts';
import { Latencies } from './latencies.ts';
import { Rate } from './rate.ts';

/** How a group reaches the one who handles its events. */
export interface Channel<M> {
  /** How many events it takes without having answered. */
  readonly bufferSize: number;
  readonly send: (message: M, retryCount: number) => void;
  /** Does it leave more unread than should be kept for it? Asked again with every tick. */
  readonly isBackedUp: () => boolean;
}

/** One who handles the events of a group: how much it takes, what it holds, what waits for it alone. */
export class Consumer<M extends Message> {
  readonly #channel: Channel<M>;
  readonly inFlight = new InFlight<M>();
  /** What a pinning strategy keeps for this consumer while it is full. */
  readonly backlog = new Backlog<M>();
  readonly sent: Rate;
  readonly latencies = new Latencies();
  /** Pinned buckets that are this consumer's. */
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
