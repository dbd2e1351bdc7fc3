import { z } from 'zod';
import { CustomerId, OrderId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';
import { Instant } from '../kernel/values.ts';
import { OrderLine } from './order-line.ts';

/** The data of `OrderPlaced` version 1: without `shipTo`. */
export const OrderPlacedV1 = z.strictObject({
  orderId: OrderId,
  customerId: CustomerId,
  lines: z.array(OrderLine).min(1),
  total: Money,
  paymentToken: z.string(),
  placedAt: Instant,
});

/** Version 2 adds an optional field, so the data of version 1 is unchanged. */
export const orderPlacedV1 = {
  type: 'OrderPlaced',
  from: 1,
  upcast: (data: unknown): unknown => data,
} as const;
