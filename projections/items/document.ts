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
  /** Of the product's stream (name, price), not its stock's. */
  readonly revision: string;
}

/**
 * What a product is listed and found by. A document of its own, so that stock that moves rewrites no index entries.
 */
export interface ListingDocument {
  readonly listed: string;
  /** The name as it sorts: lower case, without accents. */
  readonly sortName: string;
  /** Beginnings of the words of name and id. */
  readonly words: readonly string[];
}

export type ItemsBody = ItemDocument | ListingDocument;

export const isListing = (body: ItemsBody): body is ListingDocument => 'listed' in body;

/** A productId holds no colon, so that these ids never meet those of the items. */
export const listingId = (productId: string): string => `listing:${productId}`;
