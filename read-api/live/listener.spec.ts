import { expect, it } from 'vitest';
import type { TimelineEntry } from '../../projections/timeline/document.ts';
import { HEARTBEAT, Messages } from './event-messages.ts';
import { Listener } from './listener.ts';

const entry = (number: number, reason = 'late'): TimelineEntry => ({
  orderId: 'o1',
  position: `${String(number).padStart(20, '0')}:${String(number).padStart(20, '0')}`,
  type: 'OrderCancelled',
  stream: 'order-o1',
  revision: '1',
  at: '2026-03-01T12:00:00.000Z',
  data: { reason },
  causationId: 'cause',
});

function listener() {
  const cutOff: string[] = [];
  const one = new Listener({ reader: 'staff', onTooSlow: () => cutOff.push('too slow') });
  return { one, cutOff };
}

it('a listener returns messages in order, then waits', async () => {
  const { one } = listener();
  one.send(new Messages([entry(1)]));
  one.send(new Messages([entry(2)]));
  expect(await one.take()).toMatch(/^id: 1\ndata: \{"orderId":"o1",.*\}\n\n$/);
  expect(await one.take()).toMatch(/^id: 2\n/);
  const waiting = one.take();
  one.send(new Messages([entry(3)]));
  expect(await waiting).toMatch(/^id: 3\n/);
});

it('a listener gets only messages after its position', async () => {
  const { one } = listener();
  one.skipUpTo(entry(2).position);
  one.send(new Messages([entry(1), entry(2)]));
  one.send(new Messages([entry(2), entry(3)]));
  expect(await one.take()).toMatch(/^id: 3\n/);
});

it('a listener is disconnected when its queue exceeds the maximum', () => {
  const { one, cutOff } = listener();
  const large = new Messages([entry(1, 'x'.repeat(400_000))]);
  one.send(large);
  one.send(large);
  expect([one.cut.aborted, cutOff]).toEqual([false, []]);
  one.send(large);
  expect([one.cut.aborted, one.hasEnded, cutOff]).toEqual([true, true, ['too slow']]);
});

it('a listener gets a single message that is larger than the maximum of its queue', async () => {
  const { one } = listener();
  one.send(new Messages([entry(1, 'x'.repeat(2_000_000))]));
  expect((await one.take())?.length).toBeGreaterThan(2_000_000);
});

it('a listener is disconnected when it reads nothing between two heartbeats', async () => {
  const { one, cutOff } = listener();
  one.heartbeat();
  expect(await one.take()).toBe(HEARTBEAT);
  one.heartbeat();
  one.heartbeat();
  expect(cutOff).toEqual([]);
  one.heartbeat();
  expect(cutOff).toEqual(['too slow']);
});

it('a listener stays connected while it reads missed events from the store', () => {
  const { one, cutOff } = listener();
  for (let beats = 0; beats < 5; beats += 1) {
    one.heartbeat();
    one.recordProgress();
  }
  expect(cutOff).toEqual([]);
});

it('a listener that ends returns its queued messages first', async () => {
  const { one } = listener();
  one.send(new Messages([entry(1)]));
  one.end();
  one.send(new Messages([entry(2)]));
  expect(await one.take()).toMatch(/^id: 1\n/);
  expect(await one.take()).toBeUndefined();
});
