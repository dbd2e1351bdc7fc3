import { z } from 'zod';
import { InvalidEvent, NewerEventVersion, UndecodableEvent } from '../errors.ts';
import type { NewEvent } from '../event-store.ts';
import { idOfStream } from '../stream-name.ts';
import { eventId } from './event-id.ts';
import { appendBytes } from './event-size.ts';
import type { EventMetadata, EventPlace, Position, RecordedEvent, UnknownEvent } from './recorded-event.ts';
import type { EventRegistry } from './registry.ts';

/** An event in the form in which the client sends it. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  /** As JSON, like the metadata. */
  readonly data: string;
  readonly metadata: string;
  /** Size as the server counts it. */
  readonly bytes: number;
}

/** An event in the form in which the client returns it. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly streamId: string;
  readonly revision: bigint;
  readonly position?: Position | undefined;
  readonly created: Date;
  readonly isJson: boolean;
  readonly data: unknown;
  readonly metadata?: unknown;
}

export type Decoded = { readonly kind: 'event'; readonly recorded: RecordedEvent } | UnknownEvent;

export class Codec {
  readonly #registry: EventRegistry;

  constructor(registry: EventRegistry) {
    this.#registry = registry;
  }

  /** Encodes the events of one append. Throws `InvalidEvent` when an event is not defined or does not fit its schema. */
  encode(stream: string, events: readonly NewEvent[]): EncodedEvent[] {
    const perCommand = new Map<string, number>();
    return events.map((newEvent) => {
      const { commandId } = newEvent.metadata;
      const index = perCommand.get(commandId) ?? 0;
      perCommand.set(commandId, index + 1);
      return this.#encode(stream, newEvent, index);
    });
  }

  #encode(stream: string, { event, metadata }: NewEvent, index: number): EncodedEvent {
    const definition = this.#registry.definition(event.type);
    if (definition === undefined) throw new InvalidEvent(event.type, 'it is not defined');
    const checked = definition.schema.safeParse(event.data);
    if (!checked.success) throw new InvalidEvent(event.type, z.prettifyError(checked.error));
    const complete: EventMetadata = { ...metadata, schemaVersion: definition.version };
    const json = JSON.stringify(event.data);
    const metadataJson = JSON.stringify(complete);
    const serialised = `${event.type}\n${json}\n${metadataJson}`;
    return {
      id: eventId(metadata.commandId, stream, index, serialised),
      type: event.type,
      data: json,
      metadata: metadataJson,
      bytes: appendBytes(event.type, json, metadataJson),
    };
  }

  /** Throws `NewerEventVersion` or `UndecodableEvent`. */
  decode(stored: StoredEvent): Decoded {
    const { position } = stored;
    const at = { type: stored.type, stream: stored.streamId, revision: stored.revision, position };
    if (position === undefined) throw new UndecodableEvent(at, 'it has no position');
    const definition = this.#registry.definition(stored.type);
    if (definition === undefined) return { kind: 'unknown', ...at, position };
    if (!stored.isJson) throw new UndecodableEvent(at, 'it is not JSON');
    const metadata = metadataOf(stored, definition.version);
    const { schemaVersion } = metadata;
    if (schemaVersion > definition.version)
      throw new NewerEventVersion(at, schemaVersion, definition.version);
    const checked = definition.schema.safeParse(this.#upcast(stored, at, schemaVersion));
    if (!checked.success) throw new UndecodableEvent(at, z.prettifyError(checked.error));
    return {
      kind: 'event',
      recorded: {
        event: { type: stored.type, data: checked.data },
        id: stored.id,
        stream: stored.streamId,
        revision: stored.revision,
        position,
        at: stored.created,
        metadata,
      },
    };
  }

  #upcast({ type, data }: StoredEvent, at: EventPlace, version: number): unknown {
    try {
      return this.#registry.upcast(type, version, data);
    } catch (error) {
      throw new UndecodableEvent(at, error instanceof Error ? error.message : String(error));
    }
  }
}

const ActorShape = z.object({
  sub: z.string(),
  role: z.enum(['customer', 'operator', 'admin', 'system']),
});
const Version = z.int().min(1);

/**
 * Returns the metadata of an event, with defaults for missing or invalid fields. An event that was appended by hand is
 * correlated to its stream, is its own cause, and has the current version.
 */
function metadataOf({ id, streamId, metadata }: StoredEvent, currentVersion: number): EventMetadata {
  const raw: Record<string, unknown> = isPlainObject(metadata) ? metadata : {};
  const actor = ActorShape.safeParse(raw.actor);
  const version = Version.safeParse(raw.schemaVersion);
  return {
    $correlationId: textOf(raw.$correlationId) ?? idOfStream(streamId),
    $causationId: textOf(raw.$causationId) ?? id,
    commandId: textOf(raw.commandId) ?? id,
    actor: actor.success ? actor.data : { sub: 'unknown', role: 'system' },
    schemaVersion: version.success ? version.data : currentVersion,
    ...optional('requestId', raw.requestId),
    ...optional('traceparent', raw.traceparent),
    ...optional('fingerprint', raw.fingerprint),
  };
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const optional = <Name extends string>(name: Name, value: unknown): { readonly [K in Name]?: string } =>
  typeof value === 'string' ? ({ [name]: value } as { readonly [K in Name]?: string }) : {};
