import { z } from 'zod';
import { ProductId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { ProductName, Units } from '../kernel/values.ts';

/** One product of an order, at the price it had when the order was placed. */
export const OrderLine = z.strictObject({
  productId: ProductId,
  name: ProductName,
  quantity: Units,
  unitPrice: Money,
  lineTotal: Money,
});
export type OrderLine = z.output<typeof OrderLine>;
