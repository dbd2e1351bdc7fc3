import { z } from 'zod';

/** A fact. Its type is understandable without context; its data is plain JSON. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** Declares an event type: its name, the current version of its shape, and the schema of its data. */
export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
}

/** Declares an event type by the fields of its data. An event with another field is invalid. */
export const defineEvent = <const Type extends string, Fields extends z.ZodRawShape>(
  type: Type,
  version: number,
  fields: Fields,
): EventDefinition<Type, z.ZodObject<Fields, z.core.$strict>> => ({
  type,
  version,
  schema: z.strictObject(fields),
});

/** The event of a definition; for a union of definitions, the union of their events. */
export type EventOf<Definition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? DomainEvent<Type, z.output<Schema>> : never;
