import type { EncodedEvent } from './codec.ts';
import { uuidFromName } from './event-id.ts';
import type { EventStore } from './event-store.ts';
import type { Position } from './recorded-event.ts';
import { SnapshotTaken } from './snapshot-events.ts';
import { snapshotStream } from './streams.ts';

export interface Snapshot {
  readonly shape: string;
  readonly version: number;
  /** Of the last event that went into it. */
  readonly revision: bigint;
  readonly position: Position;
  /** Plain JSON. */
  readonly state: unknown;
}

/** The newest snapshot of each stream, which spares reading it from its start. Losing one loses nothing. */
export interface Snapshots {
  readonly load: (stream: string) => Promise<Snapshot | undefined>;
  readonly save: (stream: string, snapshot: Snapshot) => Promise<void>;
}

const actor = { sub: 'orderstream', role: 'system' } as const;

/**
 * Stream metadata that lets a stream keep its last event alone, as an event of `$$<stream>`: written like any other, for
 * the client's own call would go without a timeout and its retries.
 */
export function onlyTheLast(stream: string): EncodedEvent {
  const id = uuidFromName(`only the last of ${stream}`);
  const data = JSON.stringify({ $maxCount: 1 });
  const metadata = { $correlationId: stream, $causationId: id, commandId: id, actor, schemaVersion: 1 };
  return {
    id,
    type: '$metadata',
    data,
    metadata: JSON.stringify(metadata),
    bytes: data.length,
  };
}

/** `keepLast` limits a stream to its last event. */
export function createSnapshots(
  store: Pick<EventStore, 'append' | 'readLast'>,
  keepLast: (stream: string) => Promise<void>,
): Snapshots {
  return {
    load: async (stream) => {
      const last = await store.readLast(snapshotStream(stream));
      if (last?.event.type !== SnapshotTaken.type) return undefined;
      const { shape, version, revision, position, state } = SnapshotTaken.schema.parse(last.event.data);
      const { commit, prepare } = position;
      return {
        shape,
        version,
        revision: BigInt(revision),
        position: { commit: BigInt(commit), prepare: BigInt(prepare) },
        state,
      };
    },
    save: async (stream, { shape, version, revision, position: { commit, prepare }, state }) => {
      const commandId = `snapshot of ${stream}@${revision}`;
      const data = {
        shape,
        version,
        revision: revision.toString(),
        position: { commit: commit.toString(), prepare: prepare.toString() },
        state,
      };
      const metadata = { $correlationId: stream, $causationId: commandId, commandId, actor };
      const event = { type: SnapshotTaken.type, data };
      const written = await store.append(snapshotStream(stream), [{ event, metadata }], 'any');
      // Once is enough; again now and then, where a crash came between the two.
      if (written.revision % 100n === 0n) await keepLast(snapshotStream(stream));
    },
  };
}
