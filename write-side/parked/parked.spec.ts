import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { orderId } from '../../domain/kernel/ids.ts';
import { exceptionStep, parking as parkingOf, stepOf } from '../../process-managers/parked/parked-steps.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

const parkedAt = '2026-01-05T11:00:00.000Z';
let shop: ShopApi;
let parking: ReturnType<typeof parkingOf>;
beforeEach(async () => {
  shop = await shopApi();
  const handler = createCommandHandler({ store: shop.store.connectAgain() });
  parking = parkingOf(handler, () => new Date(parkedAt));
});
afterEach(() => shop.close());

const subjectOf = (orderId: string) =>
  ({
    group: 'fulfilment',
    kind: 'event',
    stream: `order-${orderId}`,
    revision: '0',
    type: 'OrderPlaced',
    orderId,
  }) as const;
async function park(orderId: string, reason = 'TypeError: broken'): Promise<string> {
  const step = stepOf(subjectOf(orderId));
  await parking.park(step, reason);
  return step.stepId;
}
const get = (path = '') => shop.call('GET', `/api/v1/parked${path}`);
const post = (path: string, body?: unknown, headers = {}) =>
  shop.post(`/api/v1/parked${path}`, body, { headers });
const EXCEPTION = { number: 1, kind: 'dispatched-after-cancel', detail: 'Post took the parcel T1' } as const;
const absent = '0123456789abcdef01234567';

describe('what is parked', () => {
  it('is nothing at first', async () => {
    expect(await get()).toMatchObject({ status: 200, body: { items: [], next: null } });
    expect(await post('/replay')).toMatchObject({ status: 200, body: { requested: 0 } });
  });

  it('is listed page by page, the newest first', async () => {
    for (const orderId of ['o-1', 'o-2', 'o-3']) await park(orderId);
    const first = await get('?limit=2');
    expect(first.body.items.map(({ orderId }: { orderId: string }) => orderId)).toEqual(['o-3', 'o-2']);
    const second = await get(`?limit=2&cursor=${first.body.next}`);
    expect(second.body.next).toBeNull();
    expect(second.body.items).toEqual([
      {
        id: stepOf(subjectOf('o-1')).stepId,
        ...subjectOf('o-1'),
        reason: 'TypeError: broken',
        at: parkedAt,
        times: 1,
        status: 'parked',
      },
    ]);
    expect((await get(`/${second.body.items[0].id}`)).body).toEqual(second.body.items[0]);
  });

  it('is replayed when asked for; again is 200 and appends nothing', async () => {
    const id = await park('o-1');
    const asked = await post(`/${id}/replay`);
    expect(asked).toMatchObject({ status: 200, body: { id, status: 'replaying', revision: '1' } });
    expect(await post(`/${id}/replay`)).toMatchObject({ status: 200, body: { revision: '1' } });
    expect((await get(`/${id}`)).body.status).toBe('replaying');
    expect((await post(`/${id}/discard`, { reason: 'x' })).status).toBe(409);
    await parking.park({ stepId: id }, 'still broken');
    expect((await get(`/${id}`)).body).toMatchObject({ times: 2, reason: 'still broken', status: 'parked' });
  });

  it('is replayed, all of it that still waits', async () => {
    for (const orderId of ['o-1', 'o-2', 'o-3']) await park(orderId);
    await post(`/${stepOf(subjectOf('o-2')).stepId}/replay`);
    expect((await post('/replay')).body.requested).toBe(2);
    const { items } = (await get()).body;
    expect(items.map(({ status }: { status: string }) => status)).toEqual(Array(3).fill('replaying'));
  });

  it('is thrown away, and it is known by whom and why', async () => {
    const id = await park('o-1');
    const key = { 'idempotency-key': 'once' };
    const thrown = await post(`/${id}/discard`, { reason: 'a test order' }, key);
    expect(thrown).toMatchObject({ status: 200, body: { id, status: 'discarded' } });
    expect((await post(`/${id}/discard`, { reason: 'a test order' }, key)).body).toEqual(thrown.body);
    expect((await get()).body.items).toEqual([]);
    const last = (await shop.eventsOf('parked-steps')).at(-1);
    expect(last?.event).toEqual({
      type: 'StepDiscarded',
      data: { stepId: id, reason: 'a test order', discardedBy: 'olga' },
    });
    expect((await post(`/${id}/discard`, { reason: 'again' })).status).toBe(404);
    expect((await post(`/${id}/replay`)).status).toBe(404);
  });
});

describe('bad input', () => {
  it.each([
    ['GET', '?limit=0', undefined, 400],
    ['GET', '?limit=201', undefined, 400],
    ['GET', '?limit=1e2', undefined, 400],
    ['GET', '?cursor=x', undefined, 400],
    ['GET', '?cursor=', undefined, 400],
    ['GET', '?status=parked', undefined, 400],
    ['GET', '/not-an-id', undefined, 400],
    ['GET', '/ABC', undefined, 400],
    ['GET', `/${absent}`, undefined, 404],
    ['POST', '/replay', { all: true }, 422],
    ['POST', '/replay?group=x', undefined, 400],
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
  ])('%s /parked%s is for operators', async (method, path) => {
    const body = path.endsWith('discard') ? { reason: 'x' } : undefined;
    expect((await shop.call(method, `/api/v1/parked${path}`, { as: 'ann', body })).status).toBe(403);
    expect((await shop.call(method, `/api/v1/parked${path}`, { token: null, body })).status).toBe(401);
  });

  it('another revision is 412, an event store that is away 503', async () => {
    const id = await park('o-1');
    expect((await post(`/${id}/replay`, undefined, { 'if-match': '"7"' })).status).toBe(412);
    shop.store.failNextAppend('away');
    expect((await post(`/${id}/replay`)).status).toBe(503);
  });
});

describe('an exception', () => {
  it('is listed, cannot be replayed, and is discarded with a reason', async () => {
    await parking.park(exceptionStep(orderId('o-1'), EXCEPTION), EXCEPTION.detail);
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
        reason: EXCEPTION.detail,
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
