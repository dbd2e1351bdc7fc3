import { z } from 'zod';
import { OrderId, ProductId } from '../../projections/documents/ids.ts';

/** Path parameter of an order. */
export const orderParams = z.object({
  orderId: OrderId.meta({
    description: 'The id of the order, from the response that placed it.',
    example: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
  }),
});
/** Path parameter of a product. */
export const productParams = z.object({
  productId: ProductId.meta({ description: 'The id of the product; case-sensitive.', example: '22000A' }),
});

const etag = z.object({
  etag: z.string().meta({
    description:
      'Identifies this state of the document. Use it in `If-None-Match` here, and in `If-Match` of commands that change it.',
  }),
});

const exampleOf = (schema: z.ZodObject): unknown => schema.meta()?.example;

/** With `fields`, a response has some of the fields only. */
export const orSome = (schema: z.ZodObject) => z.union([schema, schema.partial()]);

/** Returns the responses of a route for one document. */
export const oneDocument = (description: string, schema: z.ZodObject) => ({
  200: { description, schema: orSome(schema).meta({ example: exampleOf(schema) }), headers: etag },
  304: { description: 'The state that the client has, by its ETag, is current', headers: etag },
});

/** A page of a list; `next` is the cursor of the next page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

/** Returns the responses of a route for a list. */
export const onePage = (description: string, item: z.ZodObject) => ({
  200: {
    description,
    schema: pageOf(orSome(item)).meta({ example: { items: [exampleOf(item)], next: null } }),
  },
});

export const BEHIND = 'The read model did not pass the position asked for in time';
