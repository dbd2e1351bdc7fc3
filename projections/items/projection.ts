import type { InventoryEvent } from '../../domain/inventory/events.ts';
import { inventoryEvents } from '../../domain/inventory/events.ts';
import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { unhandled } from '../../domain/kernel/refusal.ts';
import { type ProductEvent, productEvents } from '../../domain/product/events.ts';
import type { RecordedEvent } from '../../event-store/recorded-event.ts';
import { defined } from '../defined.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { isOneOf } from '../single-document.ts';
import { beginningsOf, sortKey } from '../words.ts';
import {
  groupWordsOf,
  type ItemDocument,
  type ItemsBody,
  isListing,
  itemOf,
  type ListingDocument,
  levelKeysOf,
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
    const before = storedIn(lookup(productId));
    const next = nextItem(before && itemOf(before), recorded);
    if (next === undefined) return new Map();
    const changed = new Map<string, ItemsBody>([[productId, stored(next, before)]]);
    if (isListed(recorded.event)) changed.set(listingId(productId), listingOf(next));
    return changed;
  },
};

type ItemFact = ProductEvent | InventoryEvent;

/** Whether it may change what an item is listed by: stock and prices do not. */
const isListed = ({ type }: ItemFact): boolean =>
  type === 'ProductCreated' ||
  type === 'ProductRenamed' ||
  type === 'ProductRetired' ||
  type === 'ProductRestored';

const storedIn = (body: ItemsBody | undefined): StoredItem | undefined =>
  body === undefined || isListing(body) ? undefined : body;

function nextItem(
  item: ItemDocument | undefined,
  recorded: RecordedEvent<ItemFact>,
): ItemDocument | undefined {
  const { event } = recorded;
  const revision = recorded.revision.toString();
  if (event.type === 'ProductCreated') {
    const { productId, name, price } = event.data;
    return { productId, name, price, onHand: 0, reserved: 0, available: 0, revision };
  }
  if (item === undefined) return undefined;
  return isOfProduct(recorded)
    ? { ...described(item, recorded), revision }
    : { ...counted(item, event as InventoryEvent), stockRevision: revision };
}

function described(item: ItemDocument, { event, at }: RecordedEvent<ProductEvent>): ItemDocument {
  switch (event.type) {
    case 'ProductCreated':
      return item;
    case 'ProductRenamed':
      return { ...item, name: event.data.name };
    case 'ProductRepriced':
      return { ...item, price: event.data.price };
    case 'ProductRetired': {
      const { reason, retiredBy } = event.data;
      const retirement = { ...defined({ reason }), by: retiredBy, at: at.toISOString() };
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

function counted(item: ItemDocument, event: InventoryEvent): ItemDocument {
  switch (event.type) {
    case 'StockOpened':
    case 'StockReceived':
    case 'StockAdjusted':
      return moved(item, event.data.quantity, 0);
    case 'StockReserved':
      return moved(item, 0, event.data.quantity);
    case 'StockReleased':
      return moved(item, 0, -event.data.quantity);
    case 'StockCommitted':
      return moved(item, -event.data.quantity, -event.data.quantity);
    case 'StockReservationRefused':
      return item;
    default:
      return unhandled(event);
  }
}

function moved(item: ItemDocument, onHandBy: number, reservedBy: number): ItemDocument {
  const onHand = item.onHand + onHandBy;
  const reserved = item.reserved + reservedBy;
  return { ...item, onHand, reserved, available: onHand - reserved };
}

/** Names change rarely, and stock with every order: the sort key of the name is taken over. */
const stored = (item: ItemDocument, before: StoredItem | undefined): StoredItem => ({
  ...item,
  walk: {
    sortName: before?.name === item.name ? before.walk.sortName : sortKey(item.name),
    levels: levelKeysOf(item),
  },
});

const listingOf = (item: ItemDocument): ListingDocument => ({
  listed: item.productId,
  sortName: sortKey(item.name),
  words: [...groupWordsOf(item), ...beginningsOf(`${item.name} ${item.productId}`)],
});
