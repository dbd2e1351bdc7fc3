import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Documents } from '../../read-store/read-store.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { orderConfirmed, orderPlaced, orderShipped } from '../testing/events.ts';
import { fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import type { TimelineDocument } from './document.ts';
import { timelineProjection } from './projection.ts';
import { findTimelineOwner, findTimelineSince } from './queries.ts';

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

const since = async (position: bigint, of: { orderId?: string } = {}, limit = 10) =>
  (await findTimelineSince(timeline, position, { ...of, limit })).map(
    ({ body }) => `${body.orderId} ${body.type}`,
  );

test('what happened after a position, of all orders or of one', async () => {
  expect(await since(100n)).toEqual(['o2 OrderPlaced', 'o1 OrderConfirmed', 'o1 OrderShipped']);
  expect(await since(99n, { orderId: 'o1' }, 2)).toEqual(['o1 OrderPlaced', 'o1 OrderConfirmed']);
  expect(await since(400n)).toEqual([]);
});

test('whose story it is', async () => {
  expect(await findTimelineOwner(timeline, 'o2')).toEqual({ customerId: 'bob' });
  expect(await findTimelineOwner(timeline, 'o3')).toBeUndefined();
});
