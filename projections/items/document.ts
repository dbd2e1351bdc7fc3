import type { Amount } from '../amount.ts';

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
  /** Of the product's stream (name, price, retirement). */
  readonly revision: string;
  /** Of the stock's stream; absent while no stock was ever received. */
  readonly stockRevision?: string;
}

/** An item as it is stored: with what a search for little stock walks along. */
export interface StoredItem extends ItemDocument {
  readonly walk: { readonly sortName: string; readonly levels: readonly string[] };
}

/** The item as it is answered. */
export function itemOf({ walk: _, ...item }: StoredItem): ItemDocument {
  return item;
}

/**
 * What a product is listed and found by. A document of its own, so that stock that moves rewrites no index entries.
 */
export interface ListingDocument {
  readonly listed: string;
  /** The name as it sorts. */
  readonly sortName: string;
  /** Beginnings of the words of name and id, and the groups that the item belongs to. */
  readonly words: readonly string[];
}

export type ItemsBody = StoredItem | ListingDocument;

export const isListing = (body: ItemsBody): body is ListingDocument => 'listed' in body;

/** A productId holds no colon, so that these ids never meet those of the items. */
export const listingId = (productId: string): string => `listing:${productId}`;

/** Items that are listed together: those that are sold, those that are retired, or all. */
export type Group = 'current' | 'retired' | 'any';

type Sale = Pick<ItemDocument, 'retired'>;

const groupsOf = ({ retired }: Sale): Group[] => ['any', retired === true ? 'retired' : 'current'];

/** Among the words of a listing; words hold no colon. */
export const groupWord = (group: Group): string => `:${group}`;

export const groupWordsOf = (item: Sale): string[] => groupsOf(item).map(groupWord);

/**
 * How much stock an item has, in powers of two: 0, 1, 2 to 3, 4 to 7, and so on. Walking along levels instead of exact stock
 * spares the index a change with every order.
 */
export function levelOf(available: number): number {
  if (available <= 0) return 0;
  return available < 2 ** 31 ? 32 - Math.clz32(available) : available.toString(2).length;
}

/** A level of a group, as the index has it. */
export const levelKey = (group: Group, level: number): string => `${group}:${level}`;

export const levelKeysOf = (item: ItemDocument): string[] =>
  groupsOf(item).map((group) => levelKey(group, levelOf(item.available)));
