import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../platform/http/response/errors.ts';
import { laptop, phone, sessionEnded, sessionStarted } from '../projections/sessions/testing/events.ts';
import { orderConfirmed, orderPlaced } from '../projections/testing/events.ts';
import { TestLog } from '../projections/testing/log.ts';
import { project } from '../read-api/testing/harness.ts';
import { sqliteReadStore, type TestReadStore } from '../read-store/testing/adapters.ts';
import { createPersonRecords } from './person-records.ts';

const OTHER = '01a20184-bd75-737b-b1d4-a86ccd3d3e65';
const mug: Parameters<typeof orderPlaced>[1] = [['mug', 1, 255]];

let testStore: TestReadStore;
let log: TestLog;
beforeEach(() => {
  testStore = sqliteReadStore();
  log = new TestLog();
});
afterEach(() => testStore.dispose());

/** Returns the records by read models that have the events of the log so far. Later events are not projected. */
async function recordsOf(waitMs?: number) {
  const readStore = await testStore.open();
  await project(readStore, log.events);
  type ReadAll = Parameters<typeof createPersonRecords>[0]['store']['readAll'];
  const readAll = (({ prefixes = [], after }: Parameters<ReadAll>[0]) =>
    log.events.filter(
      ({ stream, position }) =>
        prefixes.some((prefix) => stream.startsWith(prefix)) && position.commit > (after?.commit ?? -1n),
    )) as unknown as ReadAll;
  return createPersonRecords({ store: { readAll }, readStore: async () => readStore }, waitMs);
}

describe('everything about a person', () => {
  it('has their orders, their sums as a customer, and their sessions, also those that have ended', async () => {
    log.record('order-o1', orderPlaced('o1', mug));
    log.record('order-o2', orderPlaced('o2', mug, { customer: 'bob' }));
    log.record(`session-${laptop}`, sessionStarted(laptop));
    log.record(`session-${laptop}`, sessionEnded(laptop));
    log.record(`session-${phone}`, sessionStarted(phone));
    log.record(`session-${OTHER}`, sessionStarted(OTHER, 'bob'));

    const { orders, customer, sessions } = await (await recordsOf()).everything('ann');

    expect(orders).toMatchObject([{ orderId: 'o1' }]);
    expect(customer).toMatchObject({ customerId: 'ann' });
    expect(sessions).toHaveLength(2);
    expect(sessions).toContainEqual(
      expect.objectContaining({
        sessionId: laptop,
        ended: expect.objectContaining({ reason: 'logged-out' }),
      }),
    );
    expect(sessions).toContainEqual(
      expect.objectContaining({ sessionId: phone, userAgent: { personId: 'ann', ciphertext: 'c2VjcmV0' } }),
    );
  });

  it('of an unknown person is empty', async () => {
    log.record('order-o1', orderPlaced('o1', mug));
    expect(await (await recordsOf()).everything('nobody')).toEqual({
      orders: [],
      customer: null,
      sessions: [],
    });
  });
});

describe('the open orders of a person', () => {
  it('are those that are placed or confirmed', async () => {
    log.record('order-o1', orderPlaced('o1', mug));
    log.record('order-o2', orderPlaced('o2', mug));
    log.record('order-o2', orderConfirmed('o2'));
    log.record('order-o3', orderPlaced('o3', mug, { customer: 'bob' }));
    expect([...(await (await recordsOf()).openOrders('ann'))].sort()).toEqual(['o1', 'o2']);
  });

  it('are unavailable while the read model is behind', async () => {
    log.record('order-o1', orderPlaced('o1', mug));
    const records = await recordsOf(50);
    log.record('order-o2', orderPlaced('o2', mug));
    await expect(records.openOrders('ann')).rejects.toThrow(Unavailable);
  });
});
