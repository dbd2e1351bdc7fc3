import { unhandled } from '../../domain/kernel/refusal.ts';
import type { RecordedEvent } from '../../event-store/recorded-event.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { isOneOf, type OfType } from '../single-document.ts';
import { type ItemDocument, type ItemsBody, isListing, type ListingDocument, listingId } from './document.ts';
import { beginningsOf, normalised } from './words.ts';

const eventTypes = [
  'ProductCreated',
  'ProductRenamed',
  'ProductRepriced',
  'StockOpened',
  'StockReceived',
  'StockAdjusted',
  'StockReserved',
  'StockReleased',
  'StockCommitted',
] as const;
type ItemFact = OfType<(typeof eventTypes)[number]>;
const isOurs = isOneOf(eventTypes);

/** Products with name, price and stock levels, and what they are listed and found by. */
export const itemsProjection: Projection<ItemsBody, ShopEvent> = {
  name: 'items',
  version: 2,
  indexes: [
    { name: 'byName', fields: ['sortName'], direction: 'ascending' },
    { name: 'byWord', fields: ['words', 'sortName'], direction: 'ascending', multi: true },
  ],

  eventTypes,

  touches: (recorded) => {
    if (!isOurs(recorded)) return [];
    const { productId } = recorded.event.data;
    return names(recorded.event) ? [productId, listingId(productId)] : [productId];
  },

  evolve: (lookup, recorded) => {
    if (!isOurs(recorded)) return new Map();
    const { event } = recorded;
    const { productId } = event.data;
    const next = nextItem(lookup(productId), recorded);
    if (next === undefined) return new Map();
    const changed = new Map<string, ItemsBody>([[productId, next]]);
    if (names(event)) changed.set(listingId(productId), listingOf(productId, event.data.name));
    return changed;
  },
};

/** Only these touch what an item is listed by. */
const names = (event: ItemFact): event is OfType<'ProductCreated' | 'ProductRenamed'> =>
  event.type === 'ProductCreated' || event.type === 'ProductRenamed';

function nextItem(
  body: ItemsBody | undefined,
  { event, revision }: RecordedEvent<ItemFact>,
): ItemDocument | undefined {
  if (event.type === 'ProductCreated') {
    const { productId, name, price } = event.data;
    return {
      productId,
      name,
      price,
      onHand: 0,
      reserved: 0,
      available: 0,
      revision: revision.toString(),
    };
  }
  if (body === undefined || isListing(body)) return undefined;
  switch (event.type) {
    case 'ProductRenamed':
      return { ...body, name: event.data.name, revision: revision.toString() };
    case 'ProductRepriced':
      return { ...body, price: event.data.price, revision: revision.toString() };
    case 'StockOpened':
    case 'StockReceived':
    case 'StockAdjusted':
      return moved(body, event.data.quantity, 0);
    case 'StockReserved':
      return moved(body, 0, event.data.quantity);
    case 'StockReleased':
      return moved(body, 0, -event.data.quantity);
    case 'StockCommitted':
      return moved(body, -event.data.quantity, -event.data.quantity);
    default:
      return unhandled(event);
  }
}

function moved(item: ItemDocument, onHandBy: number, reservedBy: number): ItemDocument {
  const onHand = item.onHand + onHandBy;
  const reserved = item.reserved + reservedBy;
  return { ...item, onHand, reserved, available: onHand - reserved };
}

const listingOf = (productId: string, name: string): ListingDocument => ({
  listed: productId,
  sortName: normalised(name),
  words: beginningsOf(`${name} ${productId}`),
});
