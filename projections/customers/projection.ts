import { orderEvents } from '../../domain/order/events.ts';
import { type Amount, type ExactAmount, exactSum } from '../documents/amount.ts';
import { prefixesOf, sortKey } from '../documents/search-words.ts';
import type { OrderStatus } from '../orders/document.ts';
import type { Lookup, Projection } from '../projection.ts';
import type { RecordedShopEvent, ShopEvent } from '../shop-event.ts';
import {
  type CustomerDocument,
  type CustomersBody,
  customerWithoutOrders,
  EVERY_CUSTOMER,
  historyId,
  isCustomer,
  isHistory,
  listingId,
  type OrderHistory,
} from './document.ts';

/** Customers with the number of their orders by status and what they have spent. */
export const customersProjection: Projection<CustomersBody, ShopEvent> = {
  name: 'customers',
  version: 4,
  indexes: [{ name: 'byWord', fields: ['words', 'sortName'], direction: 'ascending', multi: true }],

  eventTypes: [...orderEvents.map(({ type }) => type), 'PaymentCaptured', 'PaymentRefunded'],

  touches: ({ event }) => {
    if (event.type === 'PaymentCaptured' || event.type === 'PaymentRefunded') return [event.data.customerId];
    const change = statusOf(event);
    if (change === undefined) return [];
    const { orderId, customerId, placedAt } = change;
    const touched = [customerId, historyId(orderId)];
    return placedAt === undefined ? touched : [...touched, listingId(customerId)];
  },

  evolve: (lookup, recorded) => {
    const { event } = recorded;
    const change = statusOf(event);
    if (change !== undefined) return withStatus(lookup, recorded, change);
    if (event.type !== 'PaymentCaptured' && event.type !== 'PaymentRefunded') return new Map();
    const { customerId, amount } = event.data;
    const customer = customerIn(lookup, customerId);
    if (customer === undefined) return new Map();
    const by = event.type === 'PaymentCaptured' ? amount.amount : -amount.amount;
    const spent = plus(customer.spent, { amount: by, currency: amount.currency });
    return new Map([[customerId, { ...customer, spent }]]);
  },
};

interface StatusChange {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly placedAt?: string;
}

function statusOf(event: ShopEvent): StatusChange | undefined {
  switch (event.type) {
    case 'OrderPlaced': {
      const { orderId, customerId, placedAt } = event.data;
      return { orderId, customerId, status: 'placed', placedAt };
    }
    case 'OrderConfirmed':
      return { ...event.data, status: 'confirmed' };
    case 'OrderRejected':
      return { ...event.data, status: 'rejected' };
    case 'OrderShipped':
      return { ...event.data, status: 'shipped' };
    case 'OrderDelivered':
      return { ...event.data, status: 'delivered' };
    case 'OrderCancelled':
      return { ...event.data, status: 'cancelled' };
    default:
      return undefined;
  }
}

function withStatus(
  lookup: Lookup<CustomersBody>,
  recorded: RecordedShopEvent,
  { orderId, customerId, status, placedAt }: StatusChange,
): ReadonlyMap<string, CustomersBody> {
  const revision = Number(recorded.revision);
  const history = historyIn(lookup, orderId).filter((entry) => entry.revision !== revision);
  const before = history.findLast((entry) => entry.revision < revision)?.status;
  const entries = [...history, { revision, status }].sort((a, b) => a.revision - b.revision);
  const changed = new Map<string, CustomersBody>([[historyId(orderId), { history: entries }]]);

  const customer = customerIn(lookup, customerId) ?? newCustomer(customerId, placedAt);
  if (customer === undefined) return changed;
  const byStatus = { ...customer.byStatus };
  if (before !== undefined) byStatus[before] -= 1;
  byStatus[status] += 1;
  const placed = placedAt === undefined ? customer : withOrder(customer, placedAt);
  changed.set(customerId, { ...placed, byStatus });
  if (placedAt !== undefined && lookup(listingId(customerId)) === undefined)
    changed.set(listingId(customerId), listingOf(customerId));
  return changed;
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

/** A customer is known from the first order on, not before. */
const newCustomer = (customerId: string, placedAt: string | undefined): CustomerDocument | undefined =>
  placedAt === undefined
    ? undefined
    : { ...customerWithoutOrders(customerId), firstOrderAt: placedAt, lastOrderAt: placedAt };

const withOrder = (customer: CustomerDocument, placedAt: string): CustomerDocument => ({
  ...customer,
  orders: customer.orders + 1,
  firstOrderAt: placedAt < customer.firstOrderAt ? placedAt : customer.firstOrderAt,
  lastOrderAt: placedAt > customer.lastOrderAt ? placedAt : customer.lastOrderAt,
});

function plus(amounts: readonly ExactAmount[], { amount, currency }: Amount): ExactAmount[] {
  const before = amounts.find((one) => one.currency === currency)?.amount ?? 0;
  const others = amounts.filter((one) => one.currency !== currency);
  return [...others, { amount: exactSum(before, amount), currency }].sort((a, b) =>
    a.currency < b.currency ? -1 : 1,
  );
}
