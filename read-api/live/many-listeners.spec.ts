import { afterEach, beforeEach, expect, it } from 'vitest';
import { orderCancelled, orderConfirmed, orderPlaced } from '../../projections/testing/events.ts';
import { fold } from '../../projections/testing/fold.ts';
import { TestLog } from '../../projections/testing/log.ts';
import type { TimelineDocument } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import type { EventStream } from '../testing/event-stream.ts';
import { QueryApiHarness } from '../testing/harness.ts';

const ALL = '/api/v1/orders/live';
const LISTENERS = 1_000;

let log: TestLog;
let api: QueryApiHarness;
let streams: EventStream[];

beforeEach(async () => {
  log = new TestLog();
  log.record('order-o0', orderPlaced('o0', [['mug', 1, 255]]));
  api = await QueryApiHarness.start(log, { heartbeatMs: 200, listeners: { maxPerCaller: LISTENERS } });
  streams = [];
});
afterEach(async () => {
  for (const stream of streams) stream.close();
  await api.stop();
});

async function written(events: readonly ReturnType<TestLog['record']>[]) {
  const generation = await api.store.generation<TimelineDocument>(timelineProjection, 1);
  const { position } = events.at(-1) ?? { position: { commit: 0n, prepare: 0n } };
  await generation.commit([...fold(timelineProjection, events).values()], position);
}

const listen = async (path: string, headers = {}) => {
  const stream = await api.listen(path, 'operator', headers);
  streams.push(stream);
  return stream;
};
const listened = (path: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => listen(path)));

it('a thousand listeners get every event once, also after a reconnect', async () => {
  const ofAll = await listened(ALL, LISTENERS / 2);
  const ofOne = await listened('/api/v1/orders/o0/live', LISTENERS / 2);
  for (let number = 1; number <= 10; number += 1)
    await written([
      log.record(`order-o${number}`, orderPlaced(`o${number}`, [['mug', 1, 255]])),
      log.record('order-o0', orderConfirmed('o0')),
    ]);
  const returned = await Promise.all(
    ofAll.slice(0, 100).map(async (stream) => {
      await stream.types(1);
      stream.close();
      await stream.over;
      const again = await listen(ALL, { 'last-event-id': String(stream.events.at(-1)?.id) });
      return { stream, again };
    }),
  );
  for (let number = 11; number <= 20; number += 1)
    await written([
      log.record(`order-o${number}`, orderPlaced(`o${number}`, [['mug', 1, 255]])),
      log.record('order-o0', orderConfirmed('o0')),
    ]);

  const idsOf = (events: EventStream['events']) => events.map(({ id }) => Number(id));
  const everything = Array.from({ length: 40 }, (_, index) => 200 + index * 100);
  for (const stream of ofAll.slice(100)) {
    await stream.types(40);
    expect(idsOf(stream.events)).toEqual(everything);
  }
  for (const stream of ofOne) {
    await stream.types(21);
    expect(idsOf(stream.events)).toEqual([100, ...everything.filter((_, index) => index % 2 === 1)]);
  }
  for (const { stream, again } of returned) {
    await again.types(40 - stream.events.length);
    expect(idsOf([...stream.events, ...again.events])).toEqual(everything);
  }
}, 120_000);

it('a listener that reads nothing is disconnected and can resume, while the others get every event', async () => {
  const [slow, well] = [await listen(ALL), await listen(ALL)];
  slow.pause();
  let told = 0;
  while (!/^live_listeners_cut_off_total\{?.*\}? 1$/m.test(await api.metrics())) {
    const reason = 'x'.repeat(60_000);
    const event = orderCancelled('o0');
    const large = { ...event, data: { ...event.data, reason } } as typeof event;
    await written(Array.from({ length: 10 }, () => log.record('order-o0', large)));
    told += 10;
    await well.types(told);
  }
  slow.resume();
  await slow.over;

  const last = slow.events.at(-1)?.id ?? '100';
  const again = await listen(ALL, { 'last-event-id': last });
  await again.types(told - slow.events.length);
  expect([...slow.events, ...again.events]).toEqual(well.events);
});
