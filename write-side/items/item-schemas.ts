import { z } from 'zod';
import { ProductId } from '../../domain/kernel/ids.ts';
import { Money } from '../../domain/kernel/money.ts';
import type { ExistingProduct } from '../../domain/product/state.ts';
import { notValue } from '../../platform/http/request/validate.ts';
import { InvalidBody } from '../../platform/http/response/errors.ts';
import { commandRoute } from '../http/command-route.ts';
import { text } from '../http/text-schemas.ts';
import { isCurrency } from './currencies.ts';

/** What all routes of items declare. */
export const itemRoute = { ...commandRoute, tag: 'inventory', roles: ['operator', 'admin'] } as const;

/** An item as commands return it. */
export const itemFields = {
  productId: ProductId,
  name: z.string(),
  price: Money,
  description: z.string().optional(),
  imageUrl: z.string().optional(),
};

/** Returns description and picture without those that are absent. */
export const shownDescription = ({
  description,
  imageUrl,
}: Pick<ExistingProduct, 'description' | 'imageUrl'>) => ({
  ...(description !== null && { description }),
  ...(imageUrl !== null && { imageUrl }),
});

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

export const Description = text(2_000, { lines: true })
  .nullable()
  .meta({ description: 'What customers read about the item; null for none.', example: 'Folds flat.' });

export const ImageUrl = z
  .url({ protocol: /^https$/, error: 'must be an https address' })
  .max(2_000)
  .nullable()
  .meta({
    description: 'The https address of a picture, of an origin in IMAGE_ORIGINS; null for none.',
    example: null,
  });

/** Throws `InvalidBody` for a picture of another origin than these. */
export function checkImageUrl(imageUrl: string | null | undefined, origins: readonly string[]): void {
  if (imageUrl === null || imageUrl === undefined || origins.includes(new URL(imageUrl).origin)) return;
  const allowed =
    origins.length === 0
      ? 'no pictures are allowed, since IMAGE_ORIGINS is not set'
      : `must be of ${origins.join(' or ')}`;
  throw new InvalidBody([{ path: 'imageUrl', message: `${allowed}${notValue(imageUrl)}` }]);
}

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
