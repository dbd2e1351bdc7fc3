import { expect, it } from 'vitest';
import { z } from 'zod';
import { orderEvents } from '../domain/order/events.ts';
import { defineDocumentProjection, defineProjection, forEachType } from './define-projection.ts';
import { Text } from './documents/document-schema.ts';
import { typesOf } from './shop-event.ts';
import { orderConfirmed, orderPlaced, orderShipped } from './testing/events.ts';
import { bodies, fold } from './testing/fold.ts';
import { TestLog } from './testing/log.ts';

const document = z.strictObject({ status: Text, note: Text.optional() });
const head = { name: 'statuses', version: 1, indexes: [], document };
const documentId = ({ event }: { event: { data: { orderId: string } } }) => event.data.orderId;

const statuses = defineDocumentProjection({
  ...head,
  documentId,
  on: {
    OrderPlaced: (_, { event }) => ({ status: `placed by ${event.data.customerId}` }),
    OrderConfirmed: (before) => before && { ...before, status: 'confirmed' },
  },
});

it('a projection calls the handler of the type of each event, and ignores other events', () => {
  const log = new TestLog();
  log.record('order-o1', orderPlaced('o1', []));
  log.record('order-o2', orderPlaced('o2', []));
  log.record('order-o2', orderConfirmed('o2'));
  log.record('order-o2', orderShipped('o2'));
  log.record('order-o3', orderConfirmed('o3'));

  expect(bodies(fold(statuses, log.events))).toEqual({
    o1: { status: 'placed by ann' },
    o2: { status: 'confirmed' },
  });
  expect(log.events.map((recorded) => statuses.touches(recorded))).toEqual([
    ['o1'],
    ['o2'],
    ['o2'],
    [],
    ['o3'],
  ]);
});

it('a projection uses the event types that have a handler', () => {
  expect(statuses.eventTypes).toEqual(['OrderPlaced', 'OrderConfirmed']);
});

it('a projection does not compile when a listed event type has no handler', () => {
  defineDocumentProjection({
    ...head,
    eventTypes: ['OrderPlaced', 'OrderConfirmed'],
    documentId,
    // @ts-expect-error OrderConfirmed is missing
    on: { OrderPlaced: () => undefined },
  });
  defineProjection({
    ...head,
    eventTypes: typesOf(...orderEvents),
    // @ts-expect-error all types but OrderPlaced are missing
    on: { OrderPlaced: { touches: () => [], evolve: () => new Map() } },
  });
});

it('a projection does not compile when an event type does not exist', () => {
  // @ts-expect-error OrderPlcaed is not an event type
  defineDocumentProjection({ ...head, eventTypes: ['OrderPlcaed'], documentId: () => '', on: {} });
  // @ts-expect-error OrderPlcaed is not an event type
  defineProjection({ ...head, eventTypes: ['OrderPlcaed'], on: {} });
  // @ts-expect-error OrderPlcaed is not an event type
  defineDocumentProjection({ ...head, documentId: () => '', on: { OrderPlcaed: () => undefined } });
});

it('a projection does not compile when a handler belongs to no listed event type', () => {
  defineDocumentProjection({
    ...head,
    eventTypes: ['OrderPlaced'],
    documentId,
    // @ts-expect-error OrderConfirmed is not listed
    on: { OrderPlaced: () => undefined, OrderConfirmed: () => undefined },
  });
});

it('a projection does not compile when a handler uses a field that its event or the document does not have', () => {
  defineDocumentProjection({
    ...head,
    documentId,
    on: {
      // @ts-expect-error OrderConfirmed has no placedAt
      OrderConfirmed: (_, { event }) => ({ status: event.data.placedAt }),
    },
  });
  defineDocumentProjection({
    ...head,
    documentId,
    // @ts-expect-error the status must be a text
    on: { OrderConfirmed: () => ({ status: 1 }) },
  });
});

it('a projection can have one handler for several event types', () => {
  const confirm = () => ({ status: 'confirmed' });

  expect(forEachType(['OrderConfirmed', 'OrderShipped'], confirm)).toEqual({
    OrderConfirmed: confirm,
    OrderShipped: confirm,
  });
});
