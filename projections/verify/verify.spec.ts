import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import type { Position } from '../../event-store/codec/recorded-event.ts';
import { silent } from '../../event-store/logger.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import type { Documents, Query, ReadStore } from '../../read-store/read-store.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { comparePositions } from '../engine/positions.ts';
import { defaultTuning } from '../engine/projector-options.ts';
import { WritingSession } from '../engine/writing-session.ts';
import { readModels } from '../read-models.ts';
import type { ShopEvent } from '../shop-event.ts';
import {
  ofOrder,
  orderPlaced,
  orderShipped,
  paymentCaptured,
  paymentRequested,
  productCreated,
  reservation,
  stockReceived,
} from '../testing/events.ts';
import { verify } from './verify.ts';

let events: ReturnType<typeof createInMemoryEventStore>;
let place: ReturnType<typeof sqliteReadStore>;
let readStore: ReadStore;
let stop: () => Promise<void>;
let last: Position;

beforeEach(async () => {
  events = createInMemoryEventStore({ catalogue });
  place = sqliteReadStore();
  readStore = await place.open();
  const stopping = new AbortController();
  const running = new WritingSession({
    store: events,
    readStore,
    projections: readModels,
    prefixes: [''],
    tuning: { ...defaultTuning, batch: { maxEntries: 100, maxWaitMs: 5, spacingMs: 0 } },
    observer: { moved: () => {}, applied: () => {}, unknownEvent: () => {}, status: () => {} },
    writing: { signal: stopping.signal, logger: silent, isHeld: () => true },
  }).run();
  stop = async () => {
    stopping.abort();
    await running;
  };
});
afterEach(async () => {
  await stop();
  await place.dispose();
});

let commands = 0;
async function record(stream: string, event: ShopEvent): Promise<void> {
  commands += 1;
  const metadata = {
    $correlationId: 'story',
    $causationId: 'cause',
    commandId: `command-${commands}`,
    actor: { sub: 'somebody', role: 'system' },
  } as const;
  last = (await events.append(stream, [{ event, metadata }], 'any')).position;
}

async function shippedOrder(id: string): Promise<void> {
  await record(`order-${id}`, orderPlaced(id, [['mug', 2, 255]]));
  await record('inventory-mug', reservation('StockReserved', 'mug', id, 2));
  await record(`payment-${id}`, paymentRequested(id, 510));
  await record(`payment-${id}`, paymentCaptured(id, 510, '2026-03-01T12:30:00.000Z'));
  await record('inventory-mug', reservation('StockCommitted', 'mug', id, 2));
  await record(`order-${id}`, orderShipped(id));
  await record(`fulfilment-${id}`, completed(id));
}

const completed = (id: string): ShopEvent => ({
  type: 'FulfilmentCompleted',
  data: { orderId: ofOrder(id).orderId, outcome: 'shipped' },
});

async function stock(): Promise<void> {
  await record('product-mug', productCreated('mug', 'Mug'));
  await record('inventory-mug', stockReceived('mug', 10));
}

async function allPassed(): Promise<void> {
  for (const projection of readModels)
    for (;;) {
      const checkpoint = await (await readStore.live(projection)).checkpoint();
      if (comparePositions(checkpoint, last) >= 0) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
}

const verified = (more: Partial<Parameters<typeof verify>[0]> = {}) =>
  verify({ store: events, readStore, projections: readModels, position: last, ...more });
const failed = async (more?: Parameters<typeof verified>[0]) =>
  (await verified(more)).filter(({ ok }) => !ok);

it('the verification passes when read models equal a fresh fold and stock and money reconcile', async () => {
  await stock();
  await shippedOrder('o1');
  await allPassed();
  const checks = await verified();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ name, actual }) => [name, actual])).toEqual([
    ['read model orders equals a fresh fold of the events', '1 documents, all equal'],
    ['read model timeline equals a fresh fold of the events', '7 documents, all equal'],
    ['read model items equals a fresh fold of the events', '2 documents, all equal'],
    ['read model movements equals a fresh fold of the events', '3 documents, all equal'],
    ['read model payments equals a fresh fold of the events', '1 documents, all equal'],
    ['read model shipments equals a fresh fold of the events', '0 documents, all equal'],
    ['read model customers equals a fresh fold of the events', '3 documents, all equal'],
    ['read model sales equals a fresh fold of the events', '4 documents, all equal'],
    ['read model deadlines equals a fresh fold of the events', '0 documents, all equal'],
    ['read model parked equals a fresh fold of the events', '0 documents, all equal'],
    ['read model sessions equals a fresh fold of the events', '0 documents, all equal'],
    ['read model accounts equals a fresh fold of the events', '0 documents, all equal'],
    ['no product was ever below zero', 'on hand and available never below zero'],
    ['received, opened and adjusted = on hand + committed, per product', '1 products, all add up'],
    ['nothing is reserved for orders at rest', 'nothing reserved'],
    ['captured less refunded = revenue of shipped orders (GBP, 1 orders at rest, 0 in progress)', '510'],
  ]);
});

it('the verification compares documents that changed meanwhile at their current position', async () => {
  await stock();
  await shippedOrder('o1');
  const position = last;
  await shippedOrder('o2');
  await allPassed();
  expect(await failed({ position })).toEqual([]);
});

it('the verification compares again when the generation was replaced and dropped meanwhile', async () => {
  await stock();
  await shippedOrder('o1');
  await allPassed();
  let looks = 0;
  const replacing = new Proxy(readStore, {
    get: (target, name) => {
      const member = Reflect.get(target, name);
      if (name === 'liveGeneration') return async () => (looks < readModels.length ? 1 : 2);
      if (name !== 'live') return member.bind(target);
      return async (model: (typeof readModels)[number]) => {
        looks += 1;
        const documents = await target.live<unknown>(model);
        if (looks > readModels.length || model.name !== 'orders') return documents;
        return { generation: 1, page: async () => [], checkpoint: () => documents.checkpoint() };
      };
    },
  });
  expect(await failed({ readStore: replacing })).toEqual([]);
  expect(looks).toBe(2 * readModels.length);
});

describe('a read model that differs from the events', () => {
  beforeEach(async () => {
    await stock();
    await shippedOrder('o1');
    await allPassed();
  });

  const tampered = (
    model: string,
    tamper: (documents: Documents<unknown>) => Partial<Documents<unknown>>,
  ): ReadStore =>
    new Proxy(readStore, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (name !== 'live') return typeof member === 'function' ? member.bind(target) : member;
        return async (declaration: (typeof readModels)[number]) => {
          const documents = await target.live<unknown>(declaration);
          if (declaration.name !== model) return documents;
          return {
            generation: documents.generation,
            get: (id: string) => documents.get(id),
            load: (ids: readonly string[]) => documents.load(ids),
            find: (query: Query) => documents.find(query),
            page: (...range: Parameters<typeof documents.page>) => documents.page(...range),
            checkpoint: () => documents.checkpoint(),
            ...tamper(documents),
          };
        };
      },
    });

  it('is reported with the first difference', async () => {
    const wrong = tampered('orders', (documents) => ({
      page: async (...range) =>
        (await documents.page(...range)).map((stored) => ({
          ...stored,
          body: { ...(stored.body as object), status: 'placed' },
        })),
    }));
    expect(await failed({ readStore: wrong })).toEqual([
      {
        name: 'read model orders equals a fresh fold of the events',
        ok: false,
        expected: '1 documents, all equal',
        actual: 'o1: status is "placed", should be "shipped"',
      },
    ]);
  });

  it('is reported when documents are missing or superfluous', async () => {
    const wrong = tampered('payments', () => ({
      page: async (after) => (after === undefined ? [{ id: 'stray', position: 1n, body: {} }] : []),
    }));
    expect((await failed({ readStore: wrong }))[0]?.actual).toBe(
      'stray: no event leads to it; o1: it is missing',
    );
  });

  it('is reported when an entry of the timeline is missing', async () => {
    const wrong = tampered('timeline', () => ({ load: async () => new Map() }));
    expect((await failed({ readStore: wrong }))[0]?.actual).toMatch(/^2\w+~: it is missing; .*; and 4 more$/);
  });

  it('is reported when it is behind the position', async () => {
    const wrong = tampered('sales', () => ({ checkpoint: async () => ({ commit: 7n, prepare: 7n }) }));
    expect(await failed({ readStore: wrong })).toEqual([
      {
        name: `read model sales has passed position ${last.commit}`,
        ok: false,
        expected: `${last.commit} or beyond`,
        actual: '7',
      },
    ]);
  });
});

describe('stock and money that do not reconcile', () => {
  it('are reported when stock was below zero at any event', async () => {
    await stock();
    await record('inventory-mug', reservation('StockReserved', 'mug', 'o1', 11));
    await record('inventory-mug', reservation('StockReleased', 'mug', 'o1', 11));
    await allPassed();
    expect(await failed()).toMatchObject([
      {
        name: 'no product was ever below zero',
        actual: 'after inventory-mug@1 10 on hand, 11 reserved, -1 available',
      },
    ]);
  });

  it('are reported when money was kept for an order that was not shipped', async () => {
    await stock();
    await shippedOrder('o1');
    await record('order-o2', orderPlaced('o2', [['mug', 1, 255]]));
    await record('payment-o2', paymentCaptured('o2', 255, '2026-03-01T12:30:00.000Z'));
    await record('fulfilment-o2', completed('o2'));
    await allPassed();
    expect(await failed()).toMatchObject([{ expected: '510', actual: '765' }]);
  });

  it('are reported when stock is reserved for an order at rest', async () => {
    await stock();
    await record('order-o2', orderPlaced('o2', [['mug', 1, 255]]));
    await record('inventory-mug', reservation('StockReserved', 'mug', 'o2', 1));
    await record('fulfilment-o2', completed('o2'));
    await allPassed();
    expect(await failed()).toMatchObject([
      { name: 'nothing is reserved for orders at rest', actual: '1 of mug for order o2' },
    ]);
  });
});
