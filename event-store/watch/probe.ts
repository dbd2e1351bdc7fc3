import type { Position } from '../codec/recorded-event.ts';
import type { AccessErrors } from '../connection/access.ts';
import { type ReadOptions, readHead, readLastOf, readNewest, readOneOf } from '../reading/read.ts';
import type { EventRef } from './event-ref.ts';
import { holdsEvent, type RefReads } from './holds-event.ts';
import { identityStream, StoreNamed } from './identity.ts';

/** Small reads of the log for the watch of the event store. Each throws `EventStoreUnavailable`. */
export interface Probe {
  head(): Promise<Position | undefined>;
  /** Returns the newest events of the program, the last one first. */
  newest(): Promise<readonly EventRef[]>;
  /** Returns the id of the event store; undefined while it has none. */
  identity(): Promise<string | undefined>;
  holds(event: EventRef): Promise<boolean | undefined>;
  /** Uses a new connection from now on. */
  reconnect(): void;
}

/** Number of events read, so that events of the program are found among those that the server writes itself. */
const NEWEST = 10;

export interface ProbeParts extends ReadOptions {
  /** Whether a stream belongs to the program. */
  readonly isOwn: (stream: string) => boolean;
  /** Fails a read while another call is denied, so that health reports the access error. */
  readonly access: Pick<AccessErrors, 'causeOf' | 'throwKept'>;
}

export const createProbe = ({ isOwn, ...options }: ProbeParts): Probe => ({
  head: async () => {
    options.access.throwKept();
    return readHead(options);
  },
  newest: async () => {
    options.access.throwKept();
    const events = await readNewest(NEWEST, options);
    return events.flatMap(({ streamId: stream, revision, id, position }) =>
      position !== undefined && isOwn(stream) ? [{ stream, revision, id, position }] : [],
    );
  },
  identity: async () => {
    const first = await readOneOf(identityStream, 0n, options);
    const named = StoreNamed.schema.safeParse(first?.data);
    return named.success ? named.data.storeId : undefined;
  },
  holds: (event) => holdsEvent(refReads(options), event),
  reconnect: () => options.source.close(),
});

export const refReads = (options: ReadOptions): RefReads => ({
  eventAt: (stream, revision) => readOneOf(stream, revision, options),
  lastOf: (stream) => readLastOf(stream, options),
});
