import type { InventoryEvent } from '../../domain/inventory/events.ts';
import { inventoryEvents } from '../../domain/inventory/events.ts';
import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { unhandled } from '../../domain/kernel/refusal.ts';
import { type ProductEvent, productEvents } from '../../domain/product/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { prefixesOf, sortKey } from '../documents/search-words.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { isOneOf } from '../single-document.ts';
import {
  groupWordsOf,
  type ItemDocument,
  type ItemsBody,
  isListing,
  itemOf,
  type ListingDocument,
  levelKeysOf,
  levelOf,
  listingId,
  type StoredItem,
} from './document.ts';

const productTypes = productEvents.map(({ type }) => type);
const eventTypes = [...productTypes, ...inventoryEvents.map(({ type }) => type)];
const isOurs = isOneOf(eventTypes);
const isOfProduct = isOneOf(productTypes);

/** Products with name, price and stock levels, and what they are listed and found by. */
export const itemsProjection: Projection<ItemsBody, ShopEvent> = {
  name: 'items',
  version: documentVersions.item,
  indexes: [
    { name: 'byGroupAndWord', fields: ['words', 'sortName'], direction: 'ascending', multi: true },
    { name: 'byLevel', fields: ['walk.levels', 'walk.sortName'], direction: 'ascending', multi: true },
  ],

  eventTypes,

  touches: (recorded) => {
    if (!isOurs(recorded)) return [];
    const { productId } = recorded.event.data;
    return isListed(recorded.event) ? [productId, listingId(productId)] : [productId];
  },

  evolve: (lookup, recorded) => {
    if (!isOurs(recorded)) return new Map();
    const { productId } = recorded.event.data;
    const next = nextItem(storedIn(lookup(productId)), recorded);
    if (next === undefined) return new Map();
    const changed = new Map<string, ItemsBody>([[productId, next]]);
    if (isListed(recorded.event)) changed.set(listingId(productId), listingOf(next));
    return changed;
  },
};

type ItemFact = ProductEvent | InventoryEvent;

/** Returns whether an event may change the listing of an item; stock and prices do not. */
const isListed = ({ type }: ItemFact): boolean =>
  type === 'ProductCreated' ||
  type === 'ProductRenamed' ||
  type === 'ProductRetired' ||
  type === 'ProductRestored';

const storedIn = (body: ItemsBody | undefined): StoredItem | undefined =>
  body === undefined || isListing(body) ? undefined : body;

function nextItem(item: StoredItem | undefined, recorded: RecordedEvent<ItemFact>): StoredItem | undefined {
  const { event } = recorded;
  const revision = recorded.revision.toString();
  if (event.type === 'ProductCreated') {
    const { productId, name, price } = event.data;
    return withWalk({ productId, name, price, onHand: 0, reserved: 0, available: 0, revision });
  }
  if (item === undefined) return undefined;
  return isOfProduct(recorded)
    ? withWalk({ ...described(item, recorded), revision })
    : moved(item, event as InventoryEvent, revision);
}

function described(stored: StoredItem, { event, at }: RecordedEvent<ProductEvent>): ItemDocument {
  const item = itemOf(stored);
  switch (event.type) {
    case 'ProductCreated':
      return item;
    case 'ProductRenamed':
      return { ...item, name: event.data.name };
    case 'ProductRepriced':
      return { ...item, price: event.data.price };
    case 'ProductRetired': {
      const { reason, retiredBy } = event.data;
      const retirement = { ...withoutUndefined({ reason }), by: retiredBy, at: at.toISOString() };
      return { ...item, retired: true, retirement };
    }
    case 'ProductRestored': {
      const { retired: _, retirement: __, ...onSale } = item;
      return onSale;
    }
    default:
      return unhandled(event);
  }
}

/** Stock changes with every order; the index keys change only with the level. */
function moved(item: StoredItem, event: InventoryEvent, stockRevision: string): StoredItem {
  const [onHandBy, reservedBy] = unitsOf(event);
  const onHand = item.onHand + onHandBy;
  const reserved = item.reserved + reservedBy;
  const available = onHand - reserved;
  const next = { ...item, onHand, reserved, available, stockRevision };
  if (levelOf(available) === levelOf(item.available)) return next;
  return { ...next, walk: { ...item.walk, levels: levelKeysOf(next) } };
}

/** Returns the changes of stock on hand and of reserved stock. */
function unitsOf(event: InventoryEvent): readonly [onHandBy: number, reservedBy: number] {
  switch (event.type) {
    case 'StockOpened':
    case 'StockReceived':
    case 'StockAdjusted':
      return [event.data.quantity, 0];
    case 'StockReserved':
      return [0, event.data.quantity];
    case 'StockReleased':
      return [0, -event.data.quantity];
    case 'StockCommitted':
      return [-event.data.quantity, -event.data.quantity];
    case 'StockReservationRefused':
      return [0, 0];
    default:
      return unhandled(event);
  }
}

const withWalk = (item: ItemDocument): StoredItem => ({
  ...item,
  walk: { sortName: sortKey(item.name), levels: levelKeysOf(item) },
});

const listingOf = ({ productId, name, walk, ...item }: StoredItem): ListingDocument => ({
  listed: productId,
  sortName: walk.sortName,
  words: [...groupWordsOf(item), ...prefixesOf(`${name} ${productId}`)],
});
