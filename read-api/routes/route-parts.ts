import { z } from 'zod';
import { OrderId, ProductId } from '../../domain/kernel/ids.ts';
import { documentHeaders, freshness, freshnessHeaders, paging } from '../requests/parameters.ts';
import { fieldsParameter } from '../responses/field-selection.ts';

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

export const BEHIND = 'The read model did not pass the requested position in time';

const exampleOf = (schema: z.ZodObject): unknown => schema.meta()?.example;

/** With `fields`, a response has some of the fields only. */
export const orSome = (schema: z.ZodObject) => z.union([schema, schema.partial()]);

/** Returns what all routes for one document have in common. `absent` says when the response is 404. */
export const documentRoute = (description: string, schema: z.ZodObject, absent?: string) => ({
  method: 'get' as const,
  query: z.strictObject({ fields: fieldsParameter(schema), ...freshness }),
  headers: documentHeaders,
  responses: {
    200: { description, schema: orSome(schema).meta({ example: exampleOf(schema) }), headers: etag },
    304: { description: 'The state that the client has, by its ETag, is current', headers: etag },
  },
  problems: { ...(absent !== undefined && { 404: absent }), 504: BEHIND },
});

/** A page of a list; `next` is the cursor of the next page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

/** Returns what all routes for a list have in common. `filters` are query parameters besides those of every list. */
export const listRoute = <Filters extends z.ZodRawShape>(
  description: string,
  item: z.ZodObject,
  filters: Filters,
) => ({
  method: 'get' as const,
  query: z.strictObject({ ...filters, fields: fieldsParameter(item), ...paging, ...freshness }),
  headers: freshnessHeaders,
  responses: {
    200: {
      description,
      schema: pageOf(orSome(item)).meta({ example: { items: [exampleOf(item)], next: null } }),
    },
  },
  problems: { 504: BEHIND },
});
