import type { z } from 'zod';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { DocumentOf } from './documents/document-schema.ts';
import type { Lookup, Projection } from './projection.ts';
import type { EventOfType, EventType, ShopEvent } from './shop-event.ts';

/** A projection with the schema of its documents. */
export interface DefinedProjection<Body = unknown> extends Projection<Body> {
  readonly document: z.ZodType;
  readonly eventTypes: readonly string[];
}

interface ProjectionHead<Schema extends z.ZodType, Type extends EventType>
  extends Pick<Projection, 'name' | 'version' | 'indexes' | 'growsOnly'> {
  /** Schema of the stored documents. */
  readonly document: Schema;
  /** Event types that `on` must handle, such as all of an aggregate; absent: those that it does handle. */
  readonly eventTypes?: readonly Type[];
}

/** What an event does to a read model. */
export interface EventHandler<Body, Event extends ShopEvent> {
  /** Returns the ids of the documents that the event reads or changes. */
  readonly touches: (recorded: RecordedEvent<Event>) => readonly string[];
  /** Returns the new bodies, by id, of touched documents. */
  readonly evolve: (lookup: Lookup<Body>, recorded: RecordedEvent<Event>) => ReadonlyMap<string, Body>;
}

/** Returns the new body of the document that the event is about; undefined when the event changes nothing. */
export type DocumentHandler<Body, Event extends ShopEvent> = (
  document: Body | undefined,
  recorded: RecordedEvent<Event>,
) => Body | undefined;

/** Defines a read model in which an event may touch several documents. */
export function defineProjection<Schema extends z.ZodType, const Type extends EventType>({
  on,
  ...head
}: ProjectionHead<Schema, Type> & {
  readonly on: { readonly [T in Type]: EventHandler<DocumentOf<Schema>, EventOfType<T>> };
}): DefinedProjection<DocumentOf<Schema>> {
  const handlers = handlersByType<EventHandler<DocumentOf<Schema>, ShopEvent>>(on);
  return {
    ...head,
    eventTypes: [...handlers.keys()],
    touches: (recorded) => handlers.get(recorded.event.type)?.touches(ofShop(recorded)) ?? [],
    evolve: (lookup, recorded) =>
      handlers.get(recorded.event.type)?.evolve(lookup, ofShop(recorded)) ?? new Map(),
  };
}

/** Defines a read model in which each event is about one document, named by `documentId`. */
export function defineDocumentProjection<Schema extends z.ZodType, const Type extends EventType>({
  on,
  documentId,
  ...head
}: ProjectionHead<Schema, Type> & {
  readonly documentId: (recorded: RecordedEvent<EventOfType<NoInfer<Type>>>) => string;
  readonly on: { readonly [T in Type]: DocumentHandler<DocumentOf<Schema>, EventOfType<T>> };
}): DefinedProjection<DocumentOf<Schema>> {
  const handlers = handlersByType<DocumentHandler<DocumentOf<Schema>, ShopEvent>>(on);
  const idOf = documentId as (recorded: RecordedEvent) => string;
  return {
    ...head,
    eventTypes: [...handlers.keys()],
    touches: (recorded) => (handlers.has(recorded.event.type) ? [idOf(recorded)] : []),
    evolve: (lookup, recorded) => {
      const id = idOf(recorded);
      const next = handlers.get(recorded.event.type)?.(lookup(id), ofShop(recorded));
      return next === undefined ? new Map() : new Map([[id, next]]);
    },
  };
}

/** Returns the same handler for each event type. */
export const forEachType = <Type extends EventType, Handler>(
  types: readonly Type[],
  handler: Handler,
): Record<Type, Handler> => Object.fromEntries(types.map((type) => [type, handler])) as Record<Type, Handler>;

/** Sound because `on` is keyed by event type: each handler receives only events of its own type. */
const handlersByType = <Handler>(on: object): ReadonlyMap<string, Handler> => new Map(Object.entries(on));

const ofShop = (recorded: RecordedEvent) => recorded as RecordedEvent<ShopEvent>;
