import { z } from 'zod';
import { Amount } from '../documents/amount.ts';
import { type DocumentOf, Ending, Revision, Text, WholeNumber } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';
import { Listing } from '../documents/listing.ts';

/** A product with its stock, as the query API returns it. */
export const ItemDocument = z
  .strictObject({
    productId: Text,
    name: Text,
    price: Amount,
    description: Text.optional(),
    imageUrl: Text.optional(),
    onHand: WholeNumber,
    reserved: WholeNumber,
    /** On hand and not reserved. */
    available: WholeNumber,
    retired: z.literal(true).optional().meta({
      description: 'A retired product cannot be ordered; absent while it is on sale.',
    }),
    retirement: Ending.optional().meta({ description: 'For operators and admins.' }),
    revision: Revision.meta({ description: "Revision of the product's stream: name, price, retirement." }),
    stockRevision: Revision.optional().meta({
      description: "Revision of the stock's stream; absent until stock is received.",
    }),
  })
  .meta({
    example: {
      productId: example.productId,
      name: example.productName,
      price: example.pounds(255),
      onHand: 7,
      reserved: 0,
      available: 7,
      revision: '0',
      stockRevision: '2',
    },
  });
export type ItemDocument = DocumentOf<typeof ItemDocument>;

/** A stored item: `walk` holds the index keys for the list of items with little stock. Responses leave it out (`itemOf`). */
export const StoredItem = ItemDocument.extend({
  walk: z.strictObject({ sortName: Text, levels: z.array(Text) }),
});
export type StoredItem = DocumentOf<typeof StoredItem>;

/** Returns the item without its index keys. */
export function itemOf({ walk: _, ...item }: StoredItem): ItemDocument {
  return item;
}

export const ItemsBody = z.union([StoredItem, Listing]);
export type ItemsBody = DocumentOf<typeof ItemsBody>;

/** A productId has no colon, so these ids never collide with the ids of items. */
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
