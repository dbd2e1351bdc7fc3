import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { ProductId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { ImageUrl, ProductDescription, ProductName, Reason, Units } from '../kernel/values.ts';

export const ProductCreated = defineEvent('ProductCreated', 1, {
  productId: ProductId,
  name: ProductName,
  price: Money,
  openingQuantity: Units,
});
export const ProductRenamed = defineEvent('ProductRenamed', 1, { productId: ProductId, name: ProductName });
export const ProductRepriced = defineEvent('ProductRepriced', 1, { productId: ProductId, price: Money });
/** What customers see of the product besides its name; `null` when there is none. */
export const ProductDescribed = defineEvent('ProductDescribed', 1, {
  productId: ProductId,
  description: ProductDescription.nullable(),
  imageUrl: ImageUrl.nullable(),
});
/** The product can no longer be ordered; existing orders continue. */
export const ProductRetired = defineEvent('ProductRetired', 1, {
  productId: ProductId,
  reason: Reason.optional(),
  retiredBy: z.string(),
});
export const ProductRestored = defineEvent('ProductRestored', 1, {
  productId: ProductId,
  reason: Reason.optional(),
  restoredBy: z.string(),
});

export const productEvents = [
  ProductCreated,
  ProductRenamed,
  ProductRepriced,
  ProductDescribed,
  ProductRetired,
  ProductRestored,
] as const;
export type ProductEvent = EventOf<(typeof productEvents)[number]>;
