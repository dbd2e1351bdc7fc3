import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Documents } from '../../read-store/read-store.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { positionKey } from '../documents/position-key.ts';
import { orderConfirmed, orderPlaced, orderShipped } from '../testing/events.ts';
import { fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import type { TimelineDocument } from './document.ts';
import { timelineProjection } from './projection.ts';
import { findTimelineOwner, findTimelineWithin } from './queries.ts';

const store = sqliteReadStore();
let timeline: Documents<TimelineDocument>;

beforeAll(async () => {
  const log = new TestLog();
  log.record('order-o1', orderPlaced('o1', [['mug', 1, 255]]));
  log.record('order-o2', orderPlaced('o2', [['mug', 1, 255]], { customer: 'bob' }));
  log.record('order-o1', orderConfirmed('o1'));
  log.record('order-o1', orderShipped('o1'));
  const generation = await (await store.open()).generation<TimelineDocument>(timelineProjection, 1);
  const documents = [...fold(timelineProjection, log.events).values()];
  await generation.commit(documents, { commit: 400n, prepare: 400n });
  timeline = generation;
});
afterAll(() => store.dispose());

const key = (commit: bigint, prepare = commit) => positionKey({ commit, prepare });
const within = async (after: string, upTo: string, of: { orderId?: string } = {}, limit = 10) =>
  (await findTimelineWithin(timeline, { after, upTo, ...of, limit })).map(
    ({ orderId, type }) => `${orderId} ${type}`,
  );

it('the timeline query finds the events within a part of the log, of all orders or of one', async () => {
  expect(await within(key(100n), key(400n))).toEqual([
    'o2 OrderPlaced',
    'o1 OrderConfirmed',
    'o1 OrderShipped',
  ]);
  expect(await within(key(99n), key(400n), { orderId: 'o1' }, 2)).toEqual([
    'o1 OrderPlaced',
    'o1 OrderConfirmed',
  ]);
  expect(await within(key(200n), key(399n))).toEqual(['o1 OrderConfirmed']);
  expect(await within(key(400n), key(900n))).toEqual([]);
});

it('the timeline query compares whole positions: one commit may contain several events', async () => {
  expect(await within('', key(200n, 150n))).toEqual(['o1 OrderPlaced']);
  expect(await within(key(200n, 150n), key(200n))).toEqual(['o2 OrderPlaced']);
});

it('the timeline query finds the customer of an order', async () => {
  expect(await findTimelineOwner(timeline, 'o2')).toEqual({ customerId: 'bob' });
  expect(await findTimelineOwner(timeline, 'o3')).toBeUndefined();
});
