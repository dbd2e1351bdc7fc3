import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParkReason } from '../../domain/parking/events.ts';
import { exceptionItem, itemOf, waitItem } from '../../event-catalogue/parked-items.ts';
import { parkingStream } from '../../event-catalogue/streams.ts';
import { processManagersOf } from '../testing/park-items.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

const parkedAt = '2026-01-05T11:00:00.000Z';
const parkedAgainAt = '2026-01-05T12:00:00.000Z';
let shop: ShopApi;
let processManagers: ReturnType<typeof processManagersOf>;
beforeEach(async () => {
  shop = await shopApi();
  processManagers = processManagersOf(shop.store.connectAgain());
});
afterEach(() => shop.close());

const itemOfOrder = (orderId: string) =>
  itemOf({
    group: 'fulfilment',
    kind: 'event',
    stream: `order-${orderId}`,
    revision: '0',
    type: 'OrderPlaced',
    orderId,
  });
const BROKEN = { reason: 'permanent-error', detail: 'TypeError: broken' } as const;
async function park(orderId: string, reason: ParkReason = 'permanent-error'): Promise<string> {
  const item = itemOfOrder(orderId);
  await processManagers.park(item, { ...BROKEN, reason }, parkedAt);
  return item.itemId;
}
const get = (path = '') => shop.call('GET', `/api/v1/parked${path}`);
const post = (path: string, body?: unknown, headers = {}) =>
  shop.post(`/api/v1/parked${path}`, body, { headers });
const cancel = (replayId: string) => shop.call('DELETE', `/api/v1/parked/replays/${replayId}`);
/** Returns order ids of listed items. */
const orders = async (query = '') =>
  (await get(query)).body.items.map(({ orderId }: { orderId: string }) => orderId);
const statuses = async () => (await get()).body.items.map(({ status }: { status: string }) => status);
const EXCEPTION = { reason: 'exception', detail: 'Post took the parcel T1' } as const;
const absent = '0123456789abcdef01234567';

describe('the list of parked items', () => {
  it('is empty at first', async () => {
    expect(await get()).toMatchObject({ status: 200, body: { items: [], next: null } });
    expect(await post('/replay')).toMatchObject({ status: 200, body: { requested: 0 } });
  });

  it('has pages, the item parked last first', async () => {
    for (const orderId of ['o-1', 'o-2', 'o-3']) await park(orderId);
    const first = await get('?limit=2');
    expect(first.body.items.map(({ orderId }: { orderId: string }) => orderId)).toEqual(['o-3', 'o-2']);
    const second = await get(`?limit=2&cursor=${first.body.next}`);
    expect(second.body.next).toBeNull();
    const { itemId, subject } = itemOfOrder('o-1');
    expect(second.body.items).toEqual([
      { id: itemId, ...subject, ...BROKEN, firstAt: parkedAt, at: parkedAt, times: 1, status: 'parked' },
    ]);
    expect((await get(`/${itemId}`)).body).toEqual(second.body.items[0]);
  });

  it('is filtered by reason, kind and order', async () => {
    await park('o-1');
    await park('o-2', 'worker-crashed');
    await processManagers.park(waitItem('o-1', 'payment'), BROKEN, parkedAt);
    expect(await orders('?reason=worker-crashed')).toEqual(['o-2']);
    expect(await orders('?kind=event')).toEqual(['o-2', 'o-1']);
    expect(await orders('?orderId=o-1')).toEqual(['o-1', 'o-1']);
    expect(await orders('?orderId=o-1&kind=deadline&reason=permanent-error')).toEqual(['o-1']);
    expect(await orders('?orderId=o-9')).toEqual([]);
    const { next, items } = (await get('?orderId=o-1&limit=1')).body;
    expect(items).toMatchObject([{ kind: 'deadline' }]);
    expect(await orders(`?orderId=o-1&limit=1&cursor=${next}`)).toEqual(['o-1']);
  });
});

describe('one parked item', () => {
  it('is replayed on request; a second request is 200 and appends nothing', async () => {
    const id = await park('o-1');
    const requested = await post(`/${id}/replay`);
    expect(requested).toMatchObject({ status: 200, body: { id, status: 'replaying', revision: '1' } });
    expect(await post(`/${id}/replay`)).toMatchObject({ status: 200, body: { revision: '1' } });
    expect((await get(`/${id}`)).body.status).toBe('replaying');
    expect((await post(`/${id}/discard`, { reason: 'x' })).status).toBe(409);
    const again = { reason: 'retries-exhausted', detail: 'still broken' } as const;
    await processManagers.park({ itemId: id }, again, parkedAgainAt);
    expect((await get(`/${id}`)).body).toMatchObject({
      ...again,
      times: 2,
      firstAt: parkedAt,
      at: parkedAgainAt,
      status: 'parked',
    });
  });

  it('is discarded; the operator and the reason are recorded', async () => {
    const id = await park('o-1');
    const key = { 'idempotency-key': 'once' };
    const thrown = await post(`/${id}/discard`, { reason: 'a test order' }, key);
    expect(thrown).toMatchObject({ status: 200, body: { id, status: 'discarded' } });
    expect((await post(`/${id}/discard`, { reason: 'a test order' }, key)).body).toEqual(thrown.body);
    expect((await get()).body.items).toEqual([]);
    const last = (await shop.eventsOf(parkingStream)).at(-1);
    expect(last?.event).toEqual({
      type: 'ParkedItemDiscarded',
      data: { itemId: id, reason: 'a test order', discardedBy: 'olga' },
    });
    expect((await post(`/${id}/discard`, { reason: 'again' })).status).toBe(404);
    expect((await post(`/${id}/replay`)).status).toBe(404);
  });
});

describe('a replay of many items', () => {
  it('replays all parked items', async () => {
    for (const orderId of ['o-1', 'o-2', 'o-3']) await park(orderId);
    await post(`/${itemOfOrder('o-2').itemId}/replay`);
    expect(await post('/replay')).toMatchObject({
      status: 200,
      body: { requested: 2, replayId: expect.stringMatching(/^[0-9a-f]{24}$/) },
    });
    expect(await statuses()).toEqual(Array(3).fill('replaying'));
  });

  it('replays the items with the given ids, or those that match the filters', async () => {
    const ids = [];
    for (const orderId of ['o-1', 'o-2', 'o-3', 'o-4']) ids.push(await park(orderId));
    await park('o-5', 'worker-crashed');
    expect((await post('/replay', { ids: [...ids.slice(0, 2), absent] })).body.requested).toBe(2);
    expect((await post('/replay', { orderId: 'o-3' })).body.requested).toBe(1);
    expect((await post('/replay', { reason: 'worker-crashed', kind: 'event' })).body.requested).toBe(1);
    expect((await post('/replay', { kind: 'refund' })).body.requested).toBe(0);
    expect(await statuses()).toEqual(['replaying', 'parked', 'replaying', 'replaying', 'replaying']);
  });

  it('starts once for one Idempotency-Key', async () => {
    await park('o-1');
    const key = { 'idempotency-key': 'once' };
    const first = await post('/replay', {}, key);
    expect(first.body.requested).toBe(1);
    await processManagers.park({ itemId: itemOfOrder('o-1').itemId }, BROKEN, parkedAgainAt);
    expect((await post('/replay', {}, key)).body).toEqual(first.body);
    expect(await statuses()).toEqual(['parked']);
  });

  it('replays at most perSecond items in a second; when it is cancelled, the rest stays parked', async () => {
    for (const orderId of ['o-1', 'o-2', 'o-3', 'o-4', 'o-5']) await park(orderId);
    const { replayId, requested } = (await post('/replay', { perSecond: 2 })).body;
    expect(requested).toBe(5);
    expect(await statuses()).toEqual(['parked', 'parked', 'parked', 'replaying', 'replaying']);
    await processManagers.resolve(itemOfOrder('o-1').itemId);
    await processManagers.continueReplays('2026-01-05T12:00:01.000Z');
    expect(await statuses()).toEqual(['parked', 'replaying', 'replaying', 'replaying']);

    expect(await cancel(replayId)).toMatchObject({ status: 200, body: { replayId, status: 'cancelled' } });
    expect(await statuses()).toEqual(Array(4).fill('parked'));
    const { revision } = (await cancel(replayId)).body;
    expect(await cancel(replayId)).toMatchObject({ status: 200, body: { status: 'cancelled', revision } });
    expect((await cancel(absent)).status).toBe(404);
  });

  it('can no longer be cancelled when it has finished', async () => {
    const id = await park('o-1');
    const { replayId } = (await post('/replay')).body;
    await processManagers.resolve(id);
    await processManagers.continueReplays(parkedAgainAt);
    expect(await cancel(replayId)).toMatchObject({ status: 200, body: { status: 'finished' } });
  });
});

describe('a command on parked items that cannot be carried out', () => {
  it.each([
    ['GET', '?limit=0', undefined, 400],
    ['GET', '?limit=201', undefined, 400],
    ['GET', '?limit=1e2', undefined, 400],
    ['GET', '?cursor=x', undefined, 400],
    ['GET', '?cursor=', undefined, 400],
    ['GET', '?status=parked', undefined, 400],
    ['GET', '?reason=broken', undefined, 400],
    ['GET', '?kind=order', undefined, 400],
    ['GET', '?orderId=', undefined, 400],
    ['GET', '/not-an-id', undefined, 400],
    ['GET', '/ABC', undefined, 400],
    ['GET', `/${absent}`, undefined, 404],
    ['POST', '/replay', { all: true }, 422],
    ['POST', '/replay', { ids: [] }, 422],
    ['POST', '/replay', { ids: ['x'] }, 422],
    ['POST', '/replay', { ids: [absent], kind: 'event' }, 422],
    ['POST', '/replay', { reason: 'broken' }, 422],
    ['POST', '/replay', { perSecond: 0 }, 422],
    ['POST', '/replay', { perSecond: 1.5 }, 422],
    ['POST', '/replay', { perSecond: 501 }, 422],
    ['POST', '/replay?group=x', undefined, 400],
    ['DELETE', '/replays/x', undefined, 400],
    ['DELETE', `/replays/${absent}`, undefined, 404],
    ['POST', '/..%2f/replay', undefined, 400],
    ['POST', `/${absent}/replay`, undefined, 404],
    ['POST', `/${absent}/replay`, { force: true }, 422],
    ['POST', `/${absent}/discard`, undefined, 400],
    ['POST', `/${absent}/discard`, { reason: '' }, 422],
    ['POST', `/${absent}/discard`, { reason: 'x'.repeat(501) }, 422],
    ['POST', `/${absent}/discard`, { reason: 'x', who: 'me' }, 422],
    ['POST', `/${absent}/discard`, { reason: 'x' }, 404],
    ['POST', `/${absent}/discard`, '{', 400],
  ])('%s /parked%s with %j is %i', async (method, path, body, status) => {
    expect((await shop.call(method, `/api/v1/parked${path}`, { body })).status).toBe(status);
  });

  it.each([
    ['GET', ''],
    ['GET', `/${absent}`],
    ['POST', '/replay'],
    ['POST', `/${absent}/replay`],
    ['POST', `/${absent}/discard`],
    ['DELETE', `/replays/${absent}`],
  ])('%s /parked%s is for operators', async (method, path) => {
    const body = path.endsWith('discard') ? { reason: 'x' } : undefined;
    expect((await shop.call(method, `/api/v1/parked${path}`, { as: 'ann', body })).status).toBe(403);
    expect((await shop.call(method, `/api/v1/parked${path}`, { token: null, body })).status).toBe(401);
  });

  it('is 412 for a stale If-Match, and 503 while the event store is unavailable', async () => {
    const id = await park('o-1');
    expect((await post(`/${id}/replay`, undefined, { 'if-match': '"7"' })).status).toBe(412);
    shop.store.failNextAppend('unavailable');
    expect((await post(`/${id}/replay`)).status).toBe(503);
  });
});

describe('a parked exception', () => {
  it('is listed, cannot be replayed, and is discarded with a reason', async () => {
    const { itemId, subject } = exceptionItem('o-1', 'dispatched-after-cancel', 1);
    await processManagers.park({ itemId, subject }, EXCEPTION, parkedAt);
    const { body } = await get();
    expect(body.items).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        group: 'fulfilment',
        kind: 'exception',
        stream: 'fulfilment-o-1',
        type: 'dispatched-after-cancel',
        orderId: 'o-1',
        number: 1,
        ...EXCEPTION,
        firstAt: parkedAt,
        at: parkedAt,
        times: 1,
        status: 'parked',
      },
    ]);
    const [{ id }] = body.items;
    expect(await post(`/${id}/replay`)).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('nothing-to-replay') },
    });
    expect(await post('/replay')).toMatchObject({ status: 200, body: { requested: 0 } });
    expect(await post(`/${id}/discard`, { reason: 'the parcel is back' })).toMatchObject({ status: 200 });
    expect((await get()).body.items).toEqual([]);
  });
});
