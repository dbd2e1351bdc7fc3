import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { systemMetadata } from '../codec/recorded-event.ts';
import { DataVersionMismatch, WrongRevision } from '../errors.ts';
import type { EventStore } from '../event-store.ts';
import { knownTypesStream } from './known-types.ts';

/** The stream of the event store's id. */
export const identityStream = 'orderstream-identity';

/**
 * The id of the event store and its data version, recorded once. A read store records the id of the event store that it was
 * built from. The earliest versions of the program recorded no data version: it is 1.
 */
export const StoreNamed = {
  type: 'StoreNamed',
  version: 1,
  schema: z.strictObject({ storeId: z.uuid(), dataVersion: z.int().min(1).default(1) }),
} as const;

type Identity = z.output<typeof StoreNamed.schema>;
type Log = Pick<EventStore, 'append' | 'read' | 'readLast'>;

/**
 * Returns the id of the event store. Records an id and the data version in an event store that has none.
 * Throws `DataVersionMismatch`, and what `append` and `read` throw.
 */
export async function storeIdentity(store: Log, dataVersion: number): Promise<string> {
  const recorded = (await recordedIdentity(store)) ?? (await recordIdentity(store, dataVersion));
  if (recorded.dataVersion !== dataVersion) throw new DataVersionMismatch(recorded.dataVersion, dataVersion);
  return recorded.storeId;
}

async function recordIdentity(store: Log, dataVersion: number): Promise<Identity> {
  // The earliest versions recorded their event types at every start, and the id only when projections ran.
  const isUsed = (await store.readLast(knownTypesStream)) !== undefined;
  if (!isUsed) {
    const storeId = randomUUID();
    const data = { storeId, dataVersion };
    const named = { event: { type: StoreNamed.type, data }, metadata: systemMetadata(storeId) };
    try {
      await store.append(identityStream, [named], 'no_stream');
      return data;
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
    }
  }
  // Another process that started at the same time has recorded the id.
  const recorded = await recordedIdentity(store);
  if (recorded === undefined) throw new DataVersionMismatch(1, dataVersion);
  return recorded;
}

async function recordedIdentity(store: Log): Promise<Identity | undefined> {
  for await (const { event } of store.read(identityStream))
    if (event.type === StoreNamed.type) return StoreNamed.schema.parse(event.data);
  return undefined;
}
