import type { z } from 'zod';
import type { EncodedEvent } from '../codec/codec.ts';
import { uuidFromName } from '../codec/event-id.ts';
import { appendBytes } from '../codec/event-size.ts';
import { type Position, systemMetadata } from '../codec/recorded-event.ts';
import type { AnyEvent } from '../codec/registry.ts';
import { AppendTooLarge } from '../errors.ts';
import type { EventStore } from '../event-store.ts';
import {
  SnapshotBegun,
  SnapshotPart,
  SnapshotTaken,
  snapshotPartStream,
  snapshotStream,
} from './snapshot-events.ts';

export interface Snapshot {
  readonly shape: string;
  readonly version: number;
  /** Revision of the last event in the state. */
  readonly revision: bigint;
  readonly position: Position;
  /** Plain JSON. */
  readonly state: unknown;
}

/** The newest snapshot of each stream. It shortens the reading of the stream; without it, the stream is read from its start. */
export interface Snapshots {
  readonly load: (stream: string) => Promise<Snapshot | undefined>;
  readonly save: (stream: string, snapshot: Snapshot) => Promise<void>;
}

/**
 * Returns the stream metadata that limits a stream to its last event, as an event for `$$<stream>`. The client's own call
 * for stream metadata has no timeout and no retries.
 */
export function onlyTheLast(stream: string): EncodedEvent {
  const id = uuidFromName(`only the last of ${stream}`);
  const data = JSON.stringify({ $maxCount: 1 });
  const type = '$metadata';
  const metadata = JSON.stringify({ ...systemMetadata(id, stream), schemaVersion: 1 });
  return { id, type, data, metadata, bytes: appendBytes(type, data, metadata) };
}

/** `keepLast` limits a stream to its last event. */
export function createSnapshots(
  store: Pick<EventStore, 'append' | 'readLast'>,
  keepLast: (stream: string) => Promise<void>,
): Snapshots {
  const write = async (to: string, event: AnyEvent, commandId: string, about: string) => {
    const written = await store.append(to, [{ event, metadata: systemMetadata(commandId, about) }], 'any');
    // Repeated at every 100th snapshot, since a crash may have come between the two writes.
    if (written.revision % 100n === 0n) await keepLast(to);
  };

  /** Writes the first piece last, so that all other pieces exist when it is read. */
  const saveInParts = async (stream: string, ofState: OfState, state: unknown, commandId: string) => {
    const [text = '', ...rest] = piecesOf(JSON.stringify(state));
    const { revision } = ofState;
    for (const [index, piece] of rest.entries()) {
      const event = { type: SnapshotPart.type, data: { revision, text: piece } };
      await write(snapshotPartStream(stream, index + 1), event, commandId, stream);
    }
    const event = { type: SnapshotBegun.type, data: { ...ofState, text, parts: rest.length } };
    await write(snapshotStream(stream), event, commandId, stream);
  };

  const partOf = async (stream: string, part: number, of: string): Promise<string | undefined> => {
    const last = await store.readLast(snapshotPartStream(stream, part));
    if (last?.event.type !== SnapshotPart.type) return undefined;
    const { revision, text } = SnapshotPart.schema.parse(last.event.data);
    return revision === of ? text : undefined;
  };

  return {
    load: async (stream) => {
      const last = await store.readLast(snapshotStream(stream));
      if (last?.event.type === SnapshotTaken.type) {
        const { state, ...ofState } = SnapshotTaken.schema.parse(last.event.data);
        return { ...read(ofState), state };
      }
      if (last?.event.type !== SnapshotBegun.type) return undefined;
      const { text, parts, ...ofState } = SnapshotBegun.schema.parse(last.event.data);
      const numbers = Array.from({ length: parts }, (_, index) => index + 1);
      const rest = await Promise.all(numbers.map((part) => partOf(stream, part, ofState.revision)));
      if (rest.includes(undefined)) return undefined;
      return { ...read(ofState), state: JSON.parse([text, ...rest].join('')) };
    },
    save: async (stream, { shape, version, revision, position: { commit, prepare }, state }) => {
      const commandId = `snapshot of ${stream}@${revision}`;
      const position = { commit: commit.toString(), prepare: prepare.toString() };
      const ofState = { shape, version, revision: revision.toString(), position };
      try {
        const event = { type: SnapshotTaken.type, data: { ...ofState, state } };
        await write(snapshotStream(stream), event, commandId, stream);
      } catch (error) {
        if (!(error instanceof AppendTooLarge)) throw error;
        await saveInParts(stream, ofState, state, commandId);
      }
    },
  };
}

type OfState = Omit<z.output<typeof SnapshotTaken.schema>, 'state'>;

const read = ({ shape, version, revision, position: { commit, prepare } }: OfState) => ({
  shape,
  version,
  revision: BigInt(revision),
  position: { commit: BigInt(commit), prepare: BigInt(prepare) },
});

/** Maximum characters of a piece: with three bytes each after escaping, it fits into an event of 1 MiB. */
const PIECE = 300_000;

const piecesOf = (text: string): string[] =>
  Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) =>
    text.slice(index * PIECE, (index + 1) * PIECE),
  );
