import { findAccounts } from '../../projections/accounts/queries.ts';
import { findCustomers, getCustomer } from '../../projections/customers/queries.ts';
import { dueTimeouts, strayTimeouts } from '../../projections/deadlines/queries.ts';
import { findItems, getItem } from '../../projections/items/queries.ts';
import { findMovements } from '../../projections/movements/queries.ts';
import { findLastOrders, findOrders, type OrderFilter } from '../../projections/orders/queries.ts';
import { countParkedItems, findParkedItems, getParkedItem } from '../../projections/parked/queries.ts';
import { findPayments } from '../../projections/payments/queries.ts';
import { findCustomerDays, findDays, findProductDays } from '../../projections/sales/queries.ts';
import {
  findAllSessions,
  findEndedSince,
  findRevokedSince,
  findSessions,
} from '../../projections/sessions/queries.ts';
import { findShipments } from '../../projections/shipments/queries.ts';
import { findTimeline, findTimelineOwner, findTimelineWithin } from '../../projections/timeline/queries.ts';
import type { Documents, IndexValue } from '../read-store.ts';

/** A query as its model's function asks it; whatever the documents are, none is found. */
export type Ask = (documents: Documents<never>) => Promise<unknown>;

const LIMIT = 50;

/** The first page, and one behind an entry. */
const pages = (
  ask: (page: { limit: number; after?: readonly IndexValue[] }) => Ask,
  ...after: IndexValue[]
) => [ask({ limit: LIMIT }), ask({ limit: LIMIT, after })];

const placedAt = '2026-03-01T12:00:00.000Z';
const day = '2026-03-01';
const range = { from: day, to: '2026-03-31' };
const position = '00000000000000000100';

const timeoutsQuery = { kinds: ['payment', 'dispatch'], now: new Date(placedAt), limit: LIMIT };
const placed = { from: placedAt, to: '2026-03-02T12:00:00.000Z' };
const orderFilters = (
  [{}, { status: 'placed' }, { customerId: 'ann' }, { status: 'shipped', customerId: 'ann' }] as const
).flatMap((filter): OrderFilter[] => [
  filter,
  { ...filter, sort: 'oldest' },
  { ...filter, ...placed },
  { ...filter, from: placed.from, sort: 'oldest' },
  { ...filter, to: placed.to },
]);

/** By model and function: every form of query that there is. A spec fails when one of their functions is missing here. */
export const everyQuery: Readonly<Record<string, Readonly<Record<string, readonly Ask[]>>>> = {
  accounts: {
    findAccounts: pages((page) => (documents) => findAccounts(documents, page), placedAt, 'u1'),
  },
  customers: {
    getCustomer: [(documents) => getCustomer(documents, 'ann')],
    findCustomers: [undefined, 'ann', 'ann example'].flatMap((search) =>
      pages((page) => (documents) => findCustomers(documents, search, page), 'ann', 'listing/ann'),
    ),
  },
  deadlines: {
    dueTimeouts: [(documents) => dueTimeouts(documents, timeoutsQuery)],
    strayTimeouts: [(documents) => strayTimeouts(documents, { ...timeoutsQuery, maxMs: () => 60_000 })],
  },
  items: {
    getItem: [(documents) => getItem(documents, 'mug')],
    findItems: (['current', 'retired', 'any'] as const).flatMap((group) =>
      [undefined, 'mug', 'blue china mug'].flatMap((search) =>
        [undefined, 0, 12].flatMap((maxAvailable) =>
          pages(
            (page) => (documents) => findItems(documents, { search, maxAvailable, group }, page),
            'blue mug',
            'mug',
          ),
        ),
      ),
    ),
  },
  movements: {
    findMovements: pages((page) => (documents) => findMovements(documents, 'mug', page), position, 'm1'),
  },
  orders: {
    findOrders: orderFilters.flatMap((filter) =>
      pages((page) => (documents) => findOrders(documents, filter, page), placedAt, 'o1'),
    ),
    findLastOrders: orderFilters.flatMap((filter) =>
      pages((page) => (documents) => findLastOrders(documents, filter, page), placedAt, 'o1'),
    ),
  },
  parked: {
    getParkedItem: [(documents) => getParkedItem(documents, 'p1')],
    countParkedItems: [(documents) => countParkedItems(documents)],
    findParkedItems: [
      {},
      { reason: 'worker-crashed' as const },
      { kind: 'event' as const, orderId: 'o1' },
    ].flatMap((filter) =>
      pages((page) => (documents) => findParkedItems(documents, filter, page), position, 'p1'),
    ),
  },
  payments: {
    findPayments: pages((page) => (documents) => findPayments(documents, 'requested', page), placedAt, 'o1'),
  },
  sales: {
    findDays: [{}, range].flatMap((days) =>
      pages((page) => (documents) => findDays(documents, days, page), day, 'GBP', 'd1'),
    ),
    findCustomerDays: [{}, range, { ...range, customerId: 'ann' }].flatMap((days) =>
      pages((page) => (documents) => findCustomerDays(documents, days, page), day, 'GBP', 'c1'),
    ),
    findProductDays: [{}, range, { ...range, productId: 'mug' }].flatMap((days) =>
      pages((page) => (documents) => findProductDays(documents, days, page), day, 'GBP', 's1', 'mug'),
    ),
  },
  sessions: {
    findSessions: [(documents) => findSessions(documents, 'ann')],
    findAllSessions: [(documents) => findAllSessions(documents, 'ann')],
    findEndedSince: [(documents) => findEndedSince(documents, placedAt).next()],
    findRevokedSince: [(documents) => findRevokedSince(documents, placedAt).next()],
  },
  shipments: {
    findShipments: ([{}, { status: 'requested' }] as const).flatMap((filter) =>
      ([undefined, 'newest', 'oldest'] as const).flatMap((sort) =>
        pages((page) => (documents) => findShipments(documents, { ...filter, sort }, page), placedAt, 'o1'),
      ),
    ),
  },
  timeline: {
    findTimeline: pages((page) => (documents) => findTimeline(documents, 'o1', page), position, 't1'),
    findTimelineOwner: [(documents) => findTimelineOwner(documents, 'o1')],
    findTimelineWithin: [
      (documents) => findTimelineWithin(documents, { after: '', upTo: position, limit: LIMIT }),
      (documents) =>
        findTimelineWithin(documents, { after: position, upTo: position, orderId: 'o1', limit: LIMIT }),
    ],
  },
};
