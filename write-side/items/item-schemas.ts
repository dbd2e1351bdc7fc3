import { z } from 'zod';
import { ProductId } from '../../domain/kernel/ids.ts';
import { Money } from '../../domain/kernel/money.ts';
import { commandRoute } from '../http/command-route.ts';
import { text } from '../http/text-schemas.ts';
import { isCurrency } from './currencies.ts';

/** What all routes of items declare. */
export const itemRoute = { ...commandRoute, tag: 'inventory', roles: ['operator', 'admin'] } as const;

/** The item in the examples of the OpenAPI document. */
export const exampleItem = {
  productId: '22000A',
  name: 'Paper lantern',
  price: { amount: 255, currency: 'GBP' },
};

export const unknownProduct = { 404: 'the product does not exist' } as const;

export const ProductPath = z.strictObject({
  productId: ProductId.meta({ description: 'The id of the product; case-sensitive.', example: '22000A' }),
});

export const Name = text(200);

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

/** Maximum number of units of one receipt, adjustment or opening stock. */
export const MAX_UNITS = 1_000_000_000;
