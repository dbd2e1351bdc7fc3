import { z } from 'zod';
import { OrderId, ProductId } from '../../domain/kernel/ids.ts';
import { Money } from '../../domain/kernel/money.ts';
import { VISIBLE_CHARACTER } from '../../platform/visible-text.ts';
import { isCurrency } from './currencies.ts';

/**
 * Text that people read: at least one character that they see, no control characters and no halves of characters, which
 * would not come back as they were sent.
 */
export const text = (max: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?=.*${VISIBLE_CHARACTER})[^\\p{Cc}\\p{Cs}]{1,${max}}$`, 'su'),
      `is to be 1 to ${max} characters, at least one of them visible, none a control character or half of one`,
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
      `is to be an ISO 4217 code of a currency with minor units, such as GBP, not ${(input as Money).currency}`,
  })
  .meta({
    description: 'in minor units (pence, cents) of an ISO 4217 currency',
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

export const OrderPath = z.strictObject({ orderId: OrderId });
export const ProductPath = z.strictObject({ productId: ProductId });

/** The headers that every command takes. */
export const CommandHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'an Idempotency-Key is 1 to 255 printable ASCII characters')
    .optional()
    .meta({ description: 'The same key and payload get the answer first given, and do nothing twice.' }),
  'if-match': z
    .string()
    .regex(/^"\d{1,19}"$/, 'If-Match is a revision in double quotes, as in the ETag: "3"')
    .optional()
    .meta({
      description: 'The revision last seen; when another holds now, nothing is done.',
      example: '"3"',
    }),
});
export type CommandHeaders = z.output<typeof CommandHeaders>;

/** The revision that `If-Match` names. */
export const ifMatchOf = ({ 'if-match': header }: CommandHeaders): bigint | undefined =>
  header === undefined ? undefined : BigInt(header.slice(1, -1));
