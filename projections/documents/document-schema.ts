import { z } from 'zod';

/** The documents of a schema, as projections write them and queries read them: immutable, and without `undefined`. */
export type DocumentOf<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

type Immutable<Value> = Value extends readonly (infer Element)[]
  ? readonly Immutable<Element>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: Immutable<Exclude<Value[Name], undefined>> }
    : Value;

export const Text = z.string();
export const WholeNumber = z.int();
/** ISO 8601, UTC. */
export const Time = z.iso.datetime();
/** UTC day, such as `2010-12-01`. */
export const Day = z.iso.date();
/** Revision of a stream, in decimal digits. */
export const Revision = z.string().regex(/^\d+$/);

/** Who ended a resource, when and why. */
export const Ending = z.strictObject({ reason: Text.optional(), by: Text, at: Time });
