import { z } from 'zod';
import { uuidFromName } from '../codec/event-id.ts';
import { systemMetadata } from '../codec/recorded-event.ts';
import type { EventRegistry } from '../codec/registry.ts';
import { WrongRevision } from '../errors.ts';
import type { EventStore } from '../event-store.ts';

/** The stream of the event types known to the programs that have used this event store. */
export const knownTypesStream = 'orderstream-event-types';

/** A version of the program has started that knows these event types, each up to this version of its data. */
export const EventTypesKnown = {
  type: 'EventTypesKnown',
  version: 1,
  schema: z.strictObject({ versions: z.record(z.string(), z.int().positive()) }),
} as const;

const TRIES = 5;

/**
 * Records the event types that this version knows. Returns the types that only a newer version has recorded, such as
 * `OrderPlaced`, or `OrderPlaced of version 2` when this version knows an earlier one. The store may hold such events, which
 * this version skips. Throws what `read` and `append` throw.
 */
export async function newerTypes(
  store: Pick<EventStore, 'read' | 'append'>,
  registry: EventRegistry,
): Promise<readonly string[]> {
  const ours = new Map(registry.definitions.map(({ type, version }) => [type, version]));
  for (let tries = 1; ; tries += 1) {
    const { recorded, revision } = await recordedTypes(store);
    const added = [...ours].filter(([type, version]) => version > (recorded.get(type) ?? 0));
    try {
      if (added.length > 0) await record(store, Object.fromEntries(added), revision);
      return [...recorded]
        .filter(([type, version]) => version > (ours.get(type) ?? 0))
        .map(([type, version]) => (ours.has(type) ? `${type} of version ${version}` : type))
        .sort();
    } catch (error) {
      // Another starting process has appended first.
      if (!(error instanceof WrongRevision) || tries === TRIES) throw error;
    }
  }
}

async function recordedTypes(store: Pick<EventStore, 'read'>) {
  const recorded = new Map<string, number>();
  let revision: bigint | undefined;
  for await (const { event, revision: at } of store.read(knownTypesStream)) {
    revision = at;
    if (event.type !== EventTypesKnown.type) continue;
    for (const [type, version] of Object.entries(EventTypesKnown.schema.parse(event.data).versions))
      recorded.set(type, Math.max(version, recorded.get(type) ?? 0));
  }
  return { recorded, revision };
}

async function record(
  store: Pick<EventStore, 'append'>,
  versions: Readonly<Record<string, number>>,
  after: bigint | undefined,
): Promise<void> {
  const event = { type: EventTypesKnown.type, data: { versions } };
  const metadata = systemMetadata(uuidFromName(JSON.stringify([versions, String(after)])));
  await store.append(knownTypesStream, [{ event, metadata }], after ?? 'no_stream');
}
