import type { Amount } from '../documents/amount.ts';

/** A product with its stock, as the query API answers it. */
export interface ItemDocument {
  readonly productId: string;
  readonly name: string;
  readonly price: Amount;
  readonly onHand: number;
  readonly reserved: number;
  /** On hand and not reserved. */
  readonly available: number;
  /** A retired product cannot be ordered. Absent while it is on sale, as is `retirement`. */
  readonly retired?: true;
  /** For staff. */
  readonly retirement?: { readonly reason?: string; readonly by: string; readonly at: string };
  /** Revision of the product's stream (name, price, retirement). */
  readonly revision: string;
  /** Revision of the stock's stream; absent until stock is received. */
  readonly stockRevision?: string;
}

/** A stored item, with the index keys of the list of items with little stock. */
export interface StoredItem extends ItemDocument {
  readonly walk: { readonly sortName: string; readonly levels: readonly string[] };
}

/** Returns the item without its index keys. */
export function itemOf({ walk: _, ...item }: StoredItem): ItemDocument {
  return item;
}

/**
 * What a product is listed and found by. A document of its own, so that stock that moves rewrites no index entries.
 */
export interface ListingDocument {
  readonly listed: string;
  /** Sort key of the name. */
  readonly sortName: string;
  /** Prefixes of the words of name and id, and the groups of the item. */
  readonly words: readonly string[];
}

export type ItemsBody = StoredItem | ListingDocument;

export const isListing = (body: ItemsBody): body is ListingDocument => 'listed' in body;

/** A productId holds no colon, so that these ids never meet those of the items. */
export const listingId = (productId: string): string => `listing:${productId}`;

/** Items that are listed together: on sale, retired or all. */
export type Group = 'current' | 'retired' | 'any';

type Sale = Pick<ItemDocument, 'retired'>;

const groupsOf = ({ retired }: Sale): Group[] => ['any', retired === true ? 'retired' : 'current'];

/** One of the words of a listing; search words have no colon. */
export const groupWord = (group: Group): string => `:${group}`;

export const groupWordsOf = (item: Sale): string[] => groupsOf(item).map(groupWord);

/**
 * Returns the stock level of an item in powers of two: 0, 1, 2 to 3, 4 to 7, and so on. An index of levels instead of exact
 * stock does not change with every order.
 */
export function levelOf(available: number): number {
  if (available <= 0) return 0;
  return available < 2 ** 31 ? 32 - Math.clz32(available) : available.toString(2).length;
}

/** Returns the index key of a level in a group. */
export const levelKey = (group: Group, level: number): string => `${group}:${level}`;

export const levelKeysOf = (item: ItemDocument): string[] =>
  groupsOf(item).map((group) => levelKey(group, levelOf(item.available)));
