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

/** Declares an event type by the fields of its data, or by their schema. An event with another field is invalid. */
export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type,
  version: number,
  schema: Schema,
): EventDefinition<Type, Schema>;
export function defineEvent<const Type extends string, Fields extends z.ZodRawShape>(
  type: Type,
  version: number,
  fields: Fields,
): EventDefinition<Type, z.ZodObject<Fields, z.core.$strict>>;
export function defineEvent(type: string, version: number, data: z.ZodType | z.ZodRawShape): EventDefinition {
  return { type, version, schema: data instanceof z.ZodType ? data : z.strictObject(data) };
}

/** The event of a definition; for a union of definitions, the union of their events. */
export type EventOf<Definition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? DomainEvent<Type, z.output<Schema>> : never;
