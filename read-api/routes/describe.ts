import { z } from 'zod';
import { pageOf } from '../schemas.ts';

const etag = z.object({ etag: z.string() });

/** With `fields`, some of the fields alone. */
export const orSome = (schema: z.ZodObject) => z.union([schema, schema.partial()]);

/** The answers of a route for one document. */
export const oneDocument = (description: string, schema: z.ZodObject) => ({
  200: { description, schema: orSome(schema), headers: etag },
  304: { description: 'What the caller has, by its ETag, is what there is', headers: etag },
});

/** The answers of a route for a list. */
export const aPage = (description: string, item: z.ZodObject) => ({
  200: { description, schema: pageOf(orSome(item)) },
});

export const BEHIND = 'The read model did not pass the position asked for in time';
