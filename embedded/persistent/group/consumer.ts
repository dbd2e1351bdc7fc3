import { Backlog } from './backlog.ts';
import type { Message } from './entry.ts';
import { InFlight } from './in-flight.ts';
import { Latencies } from './latencies.ts';
import { Rate } from './rate.ts';

/** How a group reaches the one who handles its events. */
export type Send<M> = (message: M, retryCount: number) => void;

export interface ConsumerOptions<M> {
  send: Send<M>;
  /** How many events it takes without having answered. */
  bufferSize: number;
  now: () => number;
}

/** One who handles the events of a group: how much it takes, what it holds, what waits for it alone. */
export class Consumer<M extends Message> {
  readonly send: Send<M>;
  readonly bufferSize: number;
  readonly inFlight = new InFlight<M>();
  /** What a pinning strategy keeps for this consumer while it is full. */
  readonly backlog = new Backlog<M>();
  readonly sent: Rate;
  readonly latencies = new Latencies();
  /** Pinned buckets that are this consumer's. */
  buckets = 0;

  constructor({ send, bufferSize, now }: ConsumerOptions<M>) {
    this.send = send;
    this.bufferSize = bufferSize;
    this.sent = new Rate(now);
  }

  get availableSlots(): number {
    return this.bufferSize - this.inFlight.size;
  }

  get hasRoom(): boolean {
    return this.inFlight.size < this.bufferSize;
  }
}
