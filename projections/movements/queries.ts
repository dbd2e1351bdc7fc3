import type { Documents, Stored } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../documents/page.ts';
import type { MovementDocument } from './document.ts';

/** Returns the changes of a product's stock, newest first. */
export const findMovements = (
  documents: Documents<MovementDocument>,
  productId: string,
  page: PageRequest,
): Promise<Page<Stored<MovementDocument>>> =>
  findPage(documents, { index: 'byProduct', equals: [productId] }, page, ({ position }) => [position]);
