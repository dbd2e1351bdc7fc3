import type { Position } from '../codec/recorded-event.ts';
import type { AccessErrors } from '../connection/access.ts';
import { LogReads, type ReadOptions } from '../reading/log-reads.ts';
import type { EventRef } from './event-ref.ts';
import { holdsEvent } from './holds-event.ts';
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

export interface ProbeOptions extends ReadOptions {
  /** Returns whether a stream belongs to the program. */
  readonly isOwn: (stream: string) => boolean;
  /** Fails a read while another call is denied, so that health reports the access error. */
  readonly access: Pick<AccessErrors, 'causeOf' | 'throwKept'>;
}

export function createProbe({ isOwn, ...options }: ProbeOptions): Probe {
  const reads = new LogReads(options);
  return {
    head: async () => {
      options.access.throwKept();
      return reads.head();
    },
    newest: async () => {
      options.access.throwKept();
      const events = await reads.newest(NEWEST);
      return events.flatMap(({ streamId: stream, revision, id, position }) =>
        position !== undefined && isOwn(stream) ? [{ stream, revision, id, position }] : [],
      );
    },
    identity: async () => {
      const first = await reads.firstFrom(identityStream, 0n);
      const named = StoreNamed.schema.safeParse(first?.data);
      return named.success ? named.data.storeId : undefined;
    },
    holds: (event) => holdsEvent(reads, event),
    reconnect: () => options.source.close(),
  };
}
