import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../documents/page.ts';
import type { PaymentDocument, PaymentStatus } from './document.ts';

/** Returns payments of a status, the one that changed longest ago first. */
export const findPayments = (
  documents: Documents<PaymentDocument>,
  status: PaymentStatus,
  page: PageRequest,
): Promise<Page<Stored<PaymentDocument>>> =>
  findPage(documents, { index: 'byStatus', equals: [status] }, page, ({ updatedAt }) => [updatedAt]);
