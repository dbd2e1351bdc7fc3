import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../documents/page.ts';
import type { ShipmentDocument, ShipmentStatus } from './document.ts';

export interface ShipmentFilter {
  readonly status?: ShipmentStatus | undefined;
  readonly sort?: 'newest' | 'oldest' | undefined;
}

/** Finds shipments by time of request, by default oldest first. */
export const findShipments = (
  documents: Documents<ShipmentDocument>,
  { status, sort }: ShipmentFilter,
  page: PageRequest,
): Promise<Page<Stored<ShipmentDocument>>> =>
  findPage(
    documents,
    {
      ...(status === undefined ? { index: 'byOpened', equals: [] } : { index: 'byStatus', equals: [status] }),
      backwards: sort === 'newest',
    },
    page,
    ({ openedAt }) => [openedAt],
  );
