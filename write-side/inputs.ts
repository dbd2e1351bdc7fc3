import { z } from 'zod';
import type { Revisions } from '../command-handling/command-handler.ts';
import { OrderId, ProductId } from '../domain/kernel/ids.ts';
import { Money } from '../domain/kernel/money.ts';
import { entityTags, revisionIn } from '../platform/http/response/etags.ts';
import { VISIBLE_CHARACTER } from '../platform/visible-text.ts';
import { isCurrency } from './currencies.ts';

/**
 * Schema of a text: at least one visible character, no control characters and no lone surrogates, which could not be
 * stored unchanged.
 */
export const text = (max: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?=.*${VISIBLE_CHARACTER})[^\\p{Cc}\\p{Cs}]{1,${max}}$`, 'su'),
      `must be 1 to ${max} characters, at least one visible, without control characters and lone surrogates`,
    )
    // Not every reader of an OpenAPI document knows \p, and no whole text has half a character.
    .meta({ override: { minLength: 1, maxLength: max, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' } });

export const Name = text(200);
export const Reason = text(500);

export const Price = Money.refine(({ amount }) => amount > 0, {
  path: ['amount'],
  message: 'a price is above 0, not 0',
})
  .refine(({ currency }) => isCurrency(currency), {
    path: ['currency'],
    error: ({ input }) =>
      `must be an ISO 4217 code of a currency with minor units, such as GBP, not ${(input as Money).currency}`,
  })
  .meta({
    description:
      'In minor units (pence, cents) of an ISO 4217 currency, above 0. Codes without minor units, such as XAU, XTS and XXX, are rejected.',
    example: { amount: 255, currency: 'GBP' },
    override: { allOf: [{ properties: { amount: { minimum: 1 } } }] },
  });

/** Units of the opening stock. */
export const Opening = z.int().min(0).max(1_000_000_000);
/** Units received at once. */
export const Received = z.int().min(1).max(1_000_000_000);
export const Adjusted = z
  .int()
  .min(-1_000_000_000)
  .max(1_000_000_000)
  .refine((quantity) => quantity !== 0, 'an adjustment is above or below 0')
  .meta({ override: { not: { const: 0 } } });

export const maxOrdered = 1_000_000;
/** Units of one product in one order. */
export const Ordered = z.int().min(1).max(maxOrdered);

export const OrderPath = z.strictObject({
  orderId: OrderId.meta({
    description: 'The id of the order, from the response that placed it.',
    example: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
  }),
});
export const ProductPath = z.strictObject({
  productId: ProductId.meta({ description: 'The id of the product; case-sensitive.', example: '22000A' }),
});

/** Schema of the headers in the OpenAPI document. */
const ENTITY_TAGS = String.raw`^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$`;

/** The headers that every command takes. */
export const CommandHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'an Idempotency-Key is 1 to 255 printable ASCII characters')
    .optional()
    .meta({
      description:
        'Identifies this request among those of the same caller, method and path, for ever; 1 to 255 printable ASCII characters. The same key and payload return the first response again, without a second effect; another payload is 422. A rejected request may be sent again with its key.',
      example: 'order-7c1f2d',
    }),
  'if-match': z
    .string()
    .refine(
      (header) => entityTags(header) !== undefined,
      'If-Match is `*`, or ETags in double quotes with commas between them, such as "3"',
    )
    .optional()
    .meta({
      description:
        'Comma-separated ETags from either API, or revisions in double quotes. When none of them is current for the part that the command changes, the response is 412 and nothing is done. `*` matches any existing resource; a weak tag never matches.',
      override: { pattern: ENTITY_TAGS },
      example: '"3"',
    }),
});
export type CommandHeaders = z.output<typeof CommandHeaders>;

/**
 * Returns the revisions that `If-Match` names for the part of a resource that a command changes; undefined without the
 * header or for `*`. Strong comparison (RFC 9110, 13.1.1): a weak tag never matches.
 */
export function ifMatchOf({ 'if-match': header }: CommandHeaders, part: Part): Revisions | undefined {
  const tags = header === undefined ? '*' : entityTags(header);
  if (tags === '*' || tags === undefined) return undefined;
  return tags.flatMap(({ isWeak, opaque }) => (isWeak ? [] : (revisionIn(opaque, part) ?? [])));
}

/** Names of the parts of a resource in ETags. */
export type Part = 'product' | 'stock' | 'order' | 'payment' | 'shipment' | 'parked';
