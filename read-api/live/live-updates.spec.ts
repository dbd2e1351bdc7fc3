import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  reservation,
} from '../../projections/testing/events.ts';
import { fold } from '../../projections/testing/fold.ts';
import { TestLog } from '../../projections/testing/log.ts';
import type { TimelineDocument } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import { ReadStoreUnavailable } from '../../read-store/errors.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import type { EventStream } from '../testing/event-stream.ts';
import { QueryApiHarness } from '../testing/harness.ts';

const ALL = '/api/v1/orders/live';
const O1 = '/api/v1/orders/o1/live';

let log: TestLog;
let api: QueryApiHarness;
const streams: EventStream[] = [];

beforeEach(async () => {
  log = new TestLog();
  log.record('order-o1', orderPlaced('o1', [['mug', 1, 255]]));
  log.record('order-o2', orderPlaced('o2', [['mug', 1, 255]], { customer: 'bob' }));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o1', 1));
  api = await QueryApiHarness.start(log, { listeners: { max: 4, maxPerCaller: 3 } });
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await api.stop();
});

const listen = async (path: string, as = 'operator', headers = {}) => {
  const stream = await api.listen(path, as, headers);
  streams.push(stream);
  return stream;
};
const from = (id: string) => ({ 'last-event-id': id });

/** Writes the events recorded since, with a checkpoint at the last of them unless another is named. */
async function written(events: readonly ReturnType<TestLog['record']>[], upTo?: bigint, number = 1) {
  const commit = upTo ?? events.at(-1)?.position.commit ?? 0n;
  const generation = await api.store.generation<TimelineDocument>(timelineProjection, number);
  await generation.commit([...fold(timelineProjection, events).values()], { commit, prepare: commit });
}

describe('a live stream', () => {
  it.each([
    [ALL, 'operator'],
    [O1, 'customer:ann'],
  ])('of %s ends when the token that opened it expires, and receives nothing more', async (path, as) => {
    const authorization = `Bearer ${api.token(as, 2)}`;
    const stream = await listen(path, as, { authorization });
    const longer = await listen(path, as);
    await stream.over;
    const events = stream.events.length;
    await written([log.record('order-o1', orderConfirmed('o1'))]);
    await longer.types(events + 1);

    expect(stream.events).toHaveLength(events);
    expect(await api.metrics()).toMatch(/^live_listeners 1$/m);
    expect((await api.get('/api/v1/orders', as, { authorization })).status).toBe(401);
  });
});

describe('the live stream of one order', () => {
  it('sends the events of the order so far, then each new one, and none of other orders', async () => {
    const stream = await listen(O1, 'customer:ann');
    expect(await stream.types(2)).toEqual(['OrderPlaced', 'StockReserved']);
    await written([
      log.record('order-o2', orderConfirmed('o2', 'bob')),
      log.record('order-o1', orderConfirmed('o1')),
    ]);

    expect(await stream.types(3)).toEqual(['OrderPlaced', 'StockReserved', 'OrderConfirmed']);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    expect(stream.events[2]).toEqual({
      id: '500',
      data: {
        orderId: 'o1',
        id: 'event-5',
        type: 'OrderConfirmed',
        stream: 'order-o1',
        revision: '1',
        at: '2026-03-01T12:00:05.000Z',
        data: { orderId: 'o1', customerId: 'ann' },
        causationId: 'cause-of-5',
      },
    });
  });

  it('contains payment tokens for staff only', async () => {
    const [ann, olga] = [await listen(O1, 'customer:ann'), await listen(O1, 'operator')];
    await Promise.all([ann.types(2), olga.types(2)]);
    expect([ann.text.includes('tok_'), olga.text.includes('tok_')]).toEqual([false, true]);
  });

  it('is 404 for another customer’s order and for an unknown order', async () => {
    expect((await listen(O1, 'customer:bob')).status).toBe(404);
    expect((await listen('/api/v1/orders/o7/live')).status).toBe(404);
    expect((await listen('/api/v1/orders/$all/live')).status).toBe(400);
  });

  it('waits for an order by the position of its placing', async () => {
    const opening = listen('/api/v1/orders/o3/live?minPosition=400', 'customer:ann');
    await written([log.record('order-o3', orderPlaced('o3', [['mug', 1, 255]]))]);
    expect(await (await opening).types(1)).toEqual(['OrderPlaced']);
  });
});

describe('the live stream of all orders', () => {
  it('sends events from now on in log order', async () => {
    const stream = await listen(ALL);
    await written([
      log.record('order-o2', orderConfirmed('o2', 'bob')),
      log.record('order-o1', orderConfirmed('o1')),
    ]);
    await stream.types(2);
    await written([log.record('order-o1', orderShipped('o1'))]);
    await stream.types(3);

    expect(stream.events.map(({ id, data }) => [id, data.orderId, data.type])).toEqual([
      ['400', 'o2', 'OrderConfirmed'],
      ['500', 'o1', 'OrderConfirmed'],
      ['600', 'o1', 'OrderShipped'],
    ]);
  });

  it('is 403 for customers', async () => {
    expect((await listen(ALL, 'customer:ann')).status).toBe(403);
  });

  it('never sends events beyond the checkpoint, since earlier ones may still be inserted', async () => {
    const stream = await listen(ALL);
    const [fourth, fifth, sixth] = [
      log.record('order-o1', orderConfirmed('o1')),
      log.record('order-o2', orderConfirmed('o2', 'bob')),
      log.record('order-o1', orderShipped('o1')),
    ];
    await written([fourth, sixth], 400n);
    await stream.types(1);
    await written([fifth], 600n);

    await stream.types(3);
    expect(stream.events.map(({ id }) => id)).toEqual(['400', '500', '600']);
  });

  it('continues with another generation, also when it is behind', async () => {
    const stream = await listen(ALL);
    const fourth = log.record('order-o1', orderConfirmed('o1'));
    await written([fourth]);
    await stream.types(1);
    await written(log.events.slice(0, 3), 300n, 2);
    await makeLive(api.store, timelineProjection, 2);
    const fifth = log.record('order-o1', orderShipped('o1'));
    await written([fourth, fifth], 500n, 2);

    await stream.types(2);
    expect(stream.events.map(({ id }) => id)).toEqual(['400', '500']);
  });

  it('continues after the read store was unavailable', async () => {
    const stream = await listen(ALL);
    const { store } = api;
    const live = store.live.bind(store);
    const asked = new Promise<void>((resolve) => {
      store.live = () => {
        resolve();
        return Promise.reject(new ReadStoreUnavailable('no answer'));
      };
    });
    await written([log.record('order-o1', orderConfirmed('o1'))]);
    await asked;
    store.live = live;

    expect(await stream.types(1)).toEqual(['OrderConfirmed']);
  });
});

describe('resuming a live stream', () => {
  it('after any event sends exactly the later ones', async () => {
    const whole = await listen(ALL, 'operator', from('0'));
    await written([log.record('order-o1', orderConfirmed('o1')), log.record('order-o1', orderShipped('o1'))]);
    await whole.types(5);

    for (const [index, { id }] of whole.events.entries()) {
      const stream = await listen(ALL, 'operator', from(String(id)));
      await stream.types(4 - index);
      expect(stream.events).toEqual(whole.events.slice(index + 1));
      stream.close();
      await stream.over;
    }
  });

  it('continues from the start of the stream when no event was sent', async () => {
    const first = await listen(ALL);
    await expect.poll(() => first.text).toContain('id: 300\n');
    first.close();
    await written([log.record('order-o1', orderConfirmed('o1'))]);

    const second = await listen(ALL, 'operator', from('300'));
    expect(await second.types(1)).toEqual(['OrderConfirmed']);
  });

  it('from a position ahead of the read model sends no event twice', async () => {
    const stream = await listen(O1, 'operator', from('400'));
    await written([log.record('order-o1', orderConfirmed('o1')), log.record('order-o1', orderShipped('o1'))]);
    expect(await stream.types(1)).toEqual(['OrderShipped']);
  });

  it.each(['', 'x', '-1', '1.5', '1-', '-', '1-2-3', '12345678901234567890', '0x1', ' ', '１'])(
    'with the id "%s" is refused',
    async (id) => {
      const headers = from(Buffer.from(id, 'utf8').toString('latin1'));
      for (const path of [ALL, O1]) expect((await listen(path, 'operator', headers)).status).toBe(400);
    },
  );

  it('with an arbitrary id is 200 or 400', async () => {
    const header = fc.oneof(
      fc.string({
        unit: fc
          .integer({ min: 32, max: 255 })
          .filter((code) => code !== 127)
          .map((code) => String.fromCharCode(code)),
      }),
      fc.stringMatching(/^\d{0,25}-?\d{0,25}$/),
    );
    await fc.assert(
      fc.asyncProperty(header, fc.constantFrom(ALL, O1), async (id, path) => {
        const stream = await listen(path, 'operator', from(id));
        expect([200, 400]).toContain(stream.status);
        stream.close();
        await stream.over;
      }),
    );
  });
});

describe('a listener beyond a limit', () => {
  it('of one caller is rejected with 429 until another one of that caller ends', async () => {
    const [first] = [await listen(ALL), await listen(ALL), await listen(O1)];
    const refused = await listen(O1);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    const other = await listen(O1, 'customer:ann');
    expect(other.status).toBe(200);

    other.close();
    first.close();
    await expect.poll(async () => (await listen(ALL)).status).toBe(200);
  });

  it('of all callers is rejected with 503 until another one ends', async () => {
    const [first] = [await listen(ALL), await listen(ALL), await listen(O1, 'customer:ann')];
    expect((await listen(ALL, 'admin')).status).toBe(200);
    const refused = await listen(O1, 'customer:ann');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);

    first.close();
    await expect.poll(async () => (await listen(O1, 'customer:ann')).status).toBe(200);
  });

  it('of an order that does not exist does not count', async () => {
    await listen(ALL);
    for (let nth = 0; nth < 5; nth++) expect((await listen('/api/v1/orders/o7/live')).status).toBe(404);
    expect((await listen(ALL)).status).toBe(200);
  });
});

describe('the end of a live stream', () => {
  it('comes when the process stops, after all queued messages; new listeners are rejected', async () => {
    const stream = await listen(O1);
    await stream.types(2);
    api.endStreams();

    await stream.over;
    expect((await listen(O1)).status).toBe(503);
  });

  it('comes at once for a HEAD request', async () => {
    for (const path of [ALL, O1]) {
      const head = await api.head(path, 'operator');
      expect(head).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
      await head.over;
    }
  });
});

it('the cancellation of an order is sent like any other event', async () => {
  const stream = await listen(O1);
  await written([log.record('order-o1', orderCancelled('o1'))]);
  expect(await stream.types(3)).toContain('OrderCancelled');
});
