import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { ProductId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { ProductName, Units } from '../kernel/values.ts';

export const ProductCreated = defineEvent(
  'ProductCreated',
  1,
  z.strictObject({ productId: ProductId, name: ProductName, price: Money, openingQuantity: Units }),
);
export const ProductRenamed = defineEvent(
  'ProductRenamed',
  1,
  z.strictObject({ productId: ProductId, name: ProductName }),
);
export const ProductRepriced = defineEvent(
  'ProductRepriced',
  1,
  z.strictObject({ productId: ProductId, price: Money }),
);

export const productEvents = [ProductCreated, ProductRenamed, ProductRepriced] as const;
export type ProductEvent = EventOf<(typeof productEvents)[number]>;
