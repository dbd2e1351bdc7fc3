import type { StoredEvent } from './codec.ts';
import type { EventRef } from './event-ref.ts';
import { holdsEvent } from './holds-event.ts';
import { StoreNamed } from './identity-events.ts';
import { type ReadOptions, readHead, readLastOf, readNewest, readOneOf } from './read.ts';
import type { Position } from './recorded-event.ts';
import type { Refusals } from './refusals.ts';
import { identityStream } from './streams.ts';

/** Small reads of the log, for whoever watches it. Each throws `EventStoreAway`. */
export interface Probe {
  head(): Promise<Position | undefined>;
  /** The newest events of the log, the last one first. */
  newest(): Promise<readonly StoredEvent[]>;
  /** The id of the event store; undefined while it has none. */
  identity(): Promise<string | undefined>;
  holds(event: EventRef): Promise<boolean | undefined>;
  /** Asks over a new connection from now on. */
  reconnect(): void;
}

/** So many that events of ours are among them where the server writes events of its own. */
const NEWEST = 10;

/** A read is refused as well while something else is: health tells of both. */
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
