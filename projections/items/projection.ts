import { type InventoryEvent, inventoryEvents } from '../../domain/inventory/events.ts';
import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { type ProductEvent, productEvents } from '../../domain/product/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { defineProjection, type EventHandler } from '../define-projection.ts';
import { isListing, type Listing } from '../documents/listing.ts';
import { prefixesOf, sortKey } from '../documents/search-words.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import { typesOf } from '../shop-event.ts';
import {
  groupWordsOf,
  type ItemDocument,
  ItemsBody,
  itemOf,
  levelKeysOf,
  levelOf,
  listingId,
  type StoredItem,
} from './document.ts';

/** Products with name, price and stock, and the search words of each. */
export const itemsProjection = defineProjection({
  name: 'items',
  version: documentVersions.item,
  document: ItemsBody,
  indexes: [
    { name: 'byGroupAndWord', fields: ['words', 'sortName'], direction: 'ascending', multi: true },
    { name: 'byLevel', fields: ['walk.levels', 'walk.sortName'], direction: 'ascending', multi: true },
  ],
  eventTypes: typesOf(...productEvents, ...inventoryEvents),
  on: {
    ProductCreated: listed((_, { event }) => {
      const { productId, name, price } = event.data;
      return { productId, name, price, onHand: 0, reserved: 0, available: 0 };
    }),
    ProductRenamed: listed((item, { event }) => item && { ...item, name: event.data.name }),
    ProductRepriced: product((item, { event }) => item && { ...item, price: event.data.price }),
    ProductDescribed: product((item, { event }) => {
      if (item === undefined) return undefined;
      const { description, imageUrl } = event.data;
      const { description: _, imageUrl: __, ...others } = item;
      return {
        ...others,
        ...(description !== null && { description }),
        ...(imageUrl !== null && { imageUrl }),
      };
    }),
    ProductRetired: listed((item, { event, at }) => {
      const { reason, retiredBy: by } = event.data;
      const retirement = { ...withoutUndefined({ reason }), by, at: at.toISOString() };
      return item && { ...item, retired: true, retirement };
    }),
    ProductRestored: listed((item) => {
      if (item === undefined) return undefined;
      const { retired: _, retirement: __, ...onSale } = item;
      return onSale;
    }),
    StockOpened: stock(({ quantity }) => ({ onHand: quantity, reserved: 0 })),
    StockReceived: stock(({ quantity }) => ({ onHand: quantity, reserved: 0 })),
    StockAdjusted: stock(({ quantity }) => ({ onHand: quantity, reserved: 0 })),
    StockReserved: stock(({ quantity }) => ({ onHand: 0, reserved: quantity })),
    StockReleased: stock(({ quantity }) => ({ onHand: 0, reserved: -quantity })),
    StockCommitted: stock(({ quantity }) => ({ onHand: -quantity, reserved: -quantity })),
    StockReservationRefused: stock(() => ({ onHand: 0, reserved: 0 })),
  },
});

type Described = Omit<ItemDocument, 'revision'>;
type Describe<Event extends ProductEvent> = (
  item: ItemDocument | undefined,
  recorded: RecordedEvent<Event>,
) => Described | undefined;

/** Returns a handler for an event that changes an item, and nothing that it is listed by. */
function product<Event extends ProductEvent>(describe: Describe<Event>): EventHandler<ItemsBody, Event> {
  return {
    touches: ({ event }) => [event.data.productId],
    evolve: (lookup, recorded) => {
      const { productId } = recorded.event.data;
      const before = storedItem(lookup(productId));
      const item = describe(before && itemOf(before), recorded);
      return item === undefined
        ? new Map()
        : new Map([[productId, withIndexKeys({ ...item, revision: recorded.revision.toString() })]]);
    },
  };
}

/** Returns a handler for an event that changes an item and its listing. */
function listed<Event extends ProductEvent>(describe: Describe<Event>): EventHandler<ItemsBody, Event> {
  const { touches, evolve } = product(describe);
  return {
    touches: (recorded) => [...touches(recorded), listingId(recorded.event.data.productId)],
    evolve: (lookup, recorded) => {
      const { productId } = recorded.event.data;
      const changed = new Map(evolve(lookup, recorded));
      const item = storedItem(changed.get(productId));
      return item === undefined ? changed : changed.set(listingId(productId), listingOf(item));
    },
  };
}

/** Returns a handler for an event that changes stock. Stock changes with every order; index keys only with the level. */
function stock<Event extends InventoryEvent>(
  unitsOf: (data: Event['data']) => { readonly onHand: number; readonly reserved: number },
): EventHandler<ItemsBody, Event> {
  return {
    touches: ({ event }) => [event.data.productId],
    evolve: (lookup, { event, revision }) => {
      const { productId } = event.data;
      const item = storedItem(lookup(productId));
      if (item === undefined) return new Map();
      const units = unitsOf(event.data);
      const onHand = item.onHand + units.onHand;
      const reserved = item.reserved + units.reserved;
      const available = onHand - reserved;
      const next = { ...item, onHand, reserved, available, stockRevision: revision.toString() };
      const hasSameLevel = levelOf(available) === levelOf(item.available);
      return new Map([[productId, hasSameLevel ? next : withIndexKeys(itemOf(next))]]);
    },
  };
}

const storedItem = (body: ItemsBody | undefined): StoredItem | undefined =>
  body === undefined || isListing(body) ? undefined : body;

const withIndexKeys = (item: ItemDocument): StoredItem => ({
  ...item,
  walk: { sortName: sortKey(item.name), levels: levelKeysOf(item) },
});

const listingOf = ({ productId, name, walk, ...item }: StoredItem): Listing => ({
  listed: productId,
  sortName: walk.sortName,
  words: [...groupWordsOf(item), ...prefixesOf(`${name} ${productId}`)],
});
