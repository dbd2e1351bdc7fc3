import type { Consumer } from '../dispatch/consumer.ts';
import type { Entry, Message } from '../entry.ts';

/** Decides who gets an event. */
export interface Strategy<M extends Message> {
  join(consumer: Consumer<M>): void;
  leave(consumer: Consumer<M>): void;
  /** The consumer for this event; undefined when it has to wait for anyone to have room. */
  choose(entry: Entry<M>): Consumer<M> | undefined;
  finished(entry: Entry<M>): void;
}
