import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../documents/page.ts';
import type { AccountDocument } from './document.ts';

/** Finds accounts, the newest first. */
export const findAccounts = (
  documents: Documents<AccountDocument>,
  page: PageRequest,
): Promise<Page<Stored<AccountDocument>>> =>
  findPage(documents, { index: 'byRegistration', equals: [] }, page, ({ registeredAt }) => [registeredAt]);
