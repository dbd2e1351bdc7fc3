import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findLastPage, findPage, type ListQuery, type Page, type PageRequest } from '../documents/page.ts';
import type { OrderDocument, OrderStatus } from './document.ts';

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
  readonly customerId?: string | undefined;
  /** Bounds of the time of placing, in the format of documents, both inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sort?: 'newest' | 'oldest' | undefined;
}

/** Finds orders that match the filter, by time of placing, by default newest first. */
export const findOrders = (
  documents: Documents<OrderDocument>,
  filter: OrderFilter,
  page: PageRequest,
): Promise<Page<Stored<OrderDocument>>> =>
  findPage(documents, queryOf(filter), page, ({ placedAt }) => [placedAt]);

/** Returns the last page of orders as JSON; undefined when another page may follow. Most customers have one page. */
export const findLastOrders = (
  documents: Documents<OrderDocument>,
  filter: OrderFilter,
  page: PageRequest,
): Promise<Buffer | undefined> => findLastPage(documents, queryOf(filter), page);

const queryOf = ({ from, to, sort, ...filter }: OrderFilter): ListQuery => ({
  ...indexFor(filter),
  from,
  to,
  backwards: sort === 'oldest',
});

function indexFor({ status, customerId }: OrderFilter): Pick<ListQuery, 'index' | 'equals'> {
  if (customerId === undefined)
    return status === undefined ? { index: 'byPlaced', equals: [] } : { index: 'byStatus', equals: [status] };
  return status === undefined
    ? { index: 'byCustomer', equals: [customerId] }
    : { index: 'byCustomerAndStatus', equals: [customerId, status] };
}
