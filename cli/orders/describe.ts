import { describeAmount } from '../output/amounts.ts';
import { statusStyle, styled } from '../output/styles.ts';
import { type Column, fields, table } from '../output/table.ts';
import { age } from '../output/times.ts';
import type { Order, OrderLine } from './order.ts';

/** Columns of a list of orders. */
export const orderColumns: readonly Column<Order>[] = [
  { header: 'ORDER', value: ({ orderId }) => orderId },
  { header: 'STATUS', value: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { header: 'CUSTOMER', value: ({ customerId }) => customerId, shrinksTo: 8 },
  { header: 'TOTAL', value: ({ total }) => describeAmount(total), align: 'right' },
  { header: 'AGE', value: ({ placedAt }) => age(placedAt), align: 'right' },
];

const lineColumns: readonly Column<OrderLine>[] = [
  { header: 'PRODUCT', value: ({ productId }) => productId },
  { header: 'NAME', value: ({ name }) => name, shrinksTo: 10 },
  { header: 'QUANTITY', value: ({ quantity }) => quantity, align: 'right' },
  { header: 'PRICE', value: ({ unitPrice }) => describeAmount(unitPrice), align: 'right' },
  { header: 'TOTAL', value: ({ lineTotal }) => describeAmount(lineTotal), align: 'right' },
];

/** Returns all about an order. */
export function describeOrder(order: Order): string {
  const { rejection, cancellation, payment, shipment, shipTo, exceptions = [] } = order;
  const short = rejection?.short?.map(
    ({ productId, requested, available }) => `${productId}: ${requested} ordered, ${available} available`,
  );
  const facts = fields({
    order: order.orderId,
    status: order.status,
    customer: order.customerId,
    total: describeAmount(order.total),
    placed: order.placedAt,
    updated: order.updatedAt,
    payment: joined(payment?.status, payment?.reason),
    shipment: joined(shipment?.status, shipment?.carrier, shipment?.trackingNumber),
    'ship to':
      shipTo === null
        ? 'forgotten'
        : shipTo && joined(shipTo.name, ...shipTo.lines, shipTo.postcode, shipTo.city, shipTo.country),
    rejected: joined(rejection?.reason, ...(short ?? [])),
    cancelled: cancellation && joined(`by ${cancellation.by}`, cancellation.at, cancellation.reason),
  });
  const trouble = exceptions.map(({ kind, detail }) =>
    styled('red', fields({ exception: `${kind}: ${detail}` })),
  );
  return [facts, ...trouble, '', table(lineColumns, order.items)].join('\n');
}

const joined = (...parts: readonly (string | undefined)[]): string | undefined => {
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? undefined : given.join(', ');
};
