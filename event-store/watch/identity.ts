import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { WrongRevision } from '../errors.ts';
import type { EventStore } from '../event-store.ts';

/** The stream of the event store's id. */
export const identityStream = 'orderstream-identity';

/** The id of the event store, recorded once. A read store records the id of the event store that it was built from. */
export const StoreNamed = {
  type: 'StoreNamed',
  version: 1,
  schema: z.strictObject({ storeId: z.uuid() }),
} as const;

/**
 * The id of this event store, a UUID. Each role may offer one; the first is kept, and all others read it.
 * Throws what `append` and `read` throw.
 */
export async function storeIdentity(store: EventStore): Promise<string> {
  const known = await nameOf(store);
  if (known !== undefined) return known;
  const storeId = randomUUID();
  const metadata = {
    $correlationId: storeId,
    $causationId: storeId,
    commandId: storeId,
    actor: { sub: 'orderstream', role: 'system' },
  } as const;
  try {
    await store.append(
      identityStream,
      [{ event: { type: StoreNamed.type, data: { storeId } }, metadata }],
      'no_stream',
    );
    return storeId;
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
  }
  const winner = await nameOf(store);
  if (winner === undefined) throw new TypeError(`${identityStream} has events, but no StoreNamed first`);
  return winner;
}

async function nameOf(store: EventStore): Promise<string | undefined> {
  for await (const { event } of store.read(identityStream)) {
    if (event.type === StoreNamed.type) return StoreNamed.schema.parse(event.data).storeId;
  }
  return undefined;
}
