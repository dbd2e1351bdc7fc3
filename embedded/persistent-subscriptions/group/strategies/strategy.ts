import type { Consumer } from '../dispatch/consumer.ts';
import type { Entry, Message } from '../entry.ts';

/** Chooses the consumer of an event. */
export interface Strategy<M extends Message> {
  join(consumer: Consumer<M>): void;
  leave(consumer: Consumer<M>): void;
  /** Returns the consumer of an event, or undefined if all are full. */
  choose(entry: Entry<M>): Consumer<M> | undefined;
  /** Called when an event is acknowledged, skipped or parked. */
  onFinished(entry: Entry<M>): void;
}
