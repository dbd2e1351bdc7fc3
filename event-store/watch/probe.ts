import { StoreNamed } from '../../event-catalogue/identity-events.ts';
import { identityStream } from '../../event-catalogue/streams.ts';
import type { StoredEvent } from '../codec/codec.ts';
import type { Position } from '../codec/recorded-event.ts';
import type { Refusals } from '../connection/refusals.ts';
import { type ReadOptions, readHead, readLastOf, readNewest, readOneOf } from '../reading/read.ts';
import type { EventRef } from './event-ref.ts';
import { holdsEvent } from './holds-event.ts';

/** Small reads of the log for the watch of the event store. Each throws `EventStoreAway`. */
export interface Probe {
  head(): Promise<Position | undefined>;
  /** Returns the newest events of the log, the last one first. */
  newest(): Promise<readonly StoredEvent[]>;
  /** Returns the id of the event store; undefined while it has none. */
  identity(): Promise<string | undefined>;
  holds(event: EventRef): Promise<boolean | undefined>;
  /** Uses a new connection from now on. */
  reconnect(): void;
}

/** Enough to include our events among those that the server writes itself. */
const NEWEST = 10;

/** Fails a read while any other call is refused, so that health reports the refusal. */
export const createProbe = (
  options: ReadOptions,
  refusals: Pick<Refusals, 'check'> = { check: () => {} },
): Probe => ({
  head: async () => {
    refusals.check();
    return readHead(options);
  },
  newest: async () => {
    refusals.check();
    return readNewest(NEWEST, options);
  },
  identity: async () => {
    const first = await readOneOf(identityStream, 0n, options);
    const named = StoreNamed.schema.safeParse(first?.data);
    return named.success ? named.data.storeId : undefined;
  },
  holds: (event) =>
    holdsEvent(
      {
        eventAt: (stream, revision) => readOneOf(stream, revision, options),
        lastOf: (stream) => readLastOf(stream, options),
      },
      event,
    ),
  reconnect: () => options.source.close(),
});
