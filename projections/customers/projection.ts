import { defineProjection, type EventHandler } from '../define-projection.ts';
import { type Amount, type ExactAmount, exactSum } from '../documents/amount.ts';
import { prefixesOf, sortKey } from '../documents/search-words.ts';
import type { OrderStatus } from '../orders/document.ts';
import type { Lookup } from '../projection.ts';
import type { EventOfType } from '../shop-event.ts';
import {
  type CustomerDocument,
  CustomersBody,
  customerWithoutOrders,
  EVERY_CUSTOMER,
  historyId,
  isCustomer,
  isHistory,
  listingId,
  type OrderHistory,
} from './document.ts';

/** Customers with the number of their orders by status, and what they have spent. */
export const customersProjection = defineProjection({
  name: 'customers',
  version: 4,
  document: CustomersBody,
  indexes: [{ name: 'byWord', fields: ['words', 'sortName'], direction: 'ascending', multi: true }],
  on: {
    OrderPlaced: placed(),
    OrderConfirmed: status('confirmed'),
    OrderRejected: status('rejected'),
    OrderShipped: status('shipped'),
    OrderDelivered: status('delivered'),
    OrderCancelled: status('cancelled'),
    PaymentCaptured: spent(1),
    PaymentRefunded: spent(-1),
  },
});

/** A customer exists from the first order on. */
function placed(): EventHandler<CustomersBody, EventOfType<'OrderPlaced'>> {
  return {
    touches: ({ event: { data } }) => [data.customerId, historyId(data.orderId), listingId(data.customerId)],
    evolve: (lookup, { event, revision }) => {
      const { orderId, customerId, placedAt } = event.data;
      const customer = withOrder(
        customerIn(lookup, customerId) ?? customerWithoutOrders(customerId),
        placedAt,
      );
      const changed = withStatus(lookup, customer, { orderId, customerId, revision, status: 'placed' });
      return lookup(listingId(customerId)) === undefined
        ? changed.set(listingId(customerId), listingOf(customerId))
        : changed;
    },
  };
}

/** Returns a handler for an event that gives an order a status. */
function status<
  Event extends EventOfType<
    'OrderConfirmed' | 'OrderRejected' | 'OrderShipped' | 'OrderDelivered' | 'OrderCancelled'
  >,
>(next: OrderStatus): EventHandler<CustomersBody, Event> {
  return {
    touches: ({ event: { data } }) => [data.customerId, historyId(data.orderId)],
    evolve: (lookup, { event: { data }, revision }) =>
      withStatus(lookup, customerIn(lookup, data.customerId), { ...data, revision, status: next }),
  };
}

/** Returns a handler that adds what a capture brings, or subtracts a refund. */
function spent(
  sign: 1 | -1,
): EventHandler<CustomersBody, EventOfType<'PaymentCaptured' | 'PaymentRefunded'>> {
  return {
    touches: ({ event }) => [event.data.customerId],
    evolve: (lookup, { event }) => {
      const { customerId, amount } = event.data;
      const customer = customerIn(lookup, customerId);
      if (customer === undefined) return new Map();
      const more = { amount: sign * amount.amount, currency: amount.currency };
      return new Map([[customerId, { ...customer, spent: addAmount(customer.spent, more) }]]);
    },
  };
}

interface StatusChange {
  readonly orderId: string;
  readonly customerId: string;
  readonly revision: bigint;
  readonly status: OrderStatus;
}

function withStatus(
  lookup: Lookup<CustomersBody>,
  customer: CustomerDocument | undefined,
  change: StatusChange,
): Map<string, CustomersBody> {
  const { orderId, customerId, status: next } = change;
  const revision = Number(change.revision);
  const history = historyIn(lookup, orderId).filter((entry) => entry.revision !== revision);
  const before = history.findLast((entry) => entry.revision < revision)?.status;
  const entries = [...history, { revision, status: next }].sort((a, b) => a.revision - b.revision);
  const changed = new Map<string, CustomersBody>([[historyId(orderId), { history: entries }]]);
  if (customer === undefined) return changed;
  const byStatus = { ...customer.byStatus };
  if (before !== undefined) byStatus[before] -= 1;
  byStatus[next] += 1;
  return changed.set(customerId, { ...customer, byStatus });
}

function customerIn(lookup: Lookup<CustomersBody>, customerId: string): CustomerDocument | undefined {
  const body = lookup(customerId);
  return body !== undefined && isCustomer(body) ? body : undefined;
}

function historyIn(lookup: Lookup<CustomersBody>, orderId: string): OrderHistory['history'] {
  const body = lookup(historyId(orderId));
  return body !== undefined && isHistory(body) ? body.history : [];
}

const listingOf = (customerId: string) => ({
  listed: customerId,
  sortName: sortKey(customerId),
  words: [EVERY_CUSTOMER, ...prefixesOf(customerId)],
});

function withOrder(customer: CustomerDocument, placedAt: string): CustomerDocument {
  const { orders, firstOrderAt = placedAt, lastOrderAt = placedAt } = customer;
  return {
    ...customer,
    orders: orders + 1,
    firstOrderAt: placedAt < firstOrderAt ? placedAt : firstOrderAt,
    lastOrderAt: placedAt > lastOrderAt ? placedAt : lastOrderAt,
  };
}

function addAmount(amounts: readonly ExactAmount[], { amount, currency }: Amount): ExactAmount[] {
  const before = amounts.find((each) => each.currency === currency)?.amount ?? 0;
  const others = amounts.filter((each) => each.currency !== currency);
  return [...others, { amount: exactSum(before, amount), currency }].sort((a, b) =>
    a.currency < b.currency ? -1 : 1,
  );
}
