import { expect, it } from 'vitest';
import { createInMemoryEventStore } from '../testing/in-memory-event-store.ts';
import { catalogue, unitsCounted } from '../testing/sample-events.ts';
import { refOf } from './event-ref.ts';

async function twoEvents() {
  const store = createInMemoryEventStore({ catalogue });
  await store.append('inventory-mug', [unitsCounted(1), unitsCounted(2)], 'no_stream');
  const last = await store.readLast('inventory-mug');
  if (last === undefined) throw new RangeError('nothing was appended');
  return { store, event: refOf(last) };
}

it('holds is true for an event that is at its recorded place', async () => {
  const { store, event } = await twoEvents();
  expect(await store.holds(event)).toBe(true);
});

it.each([
  ['another event is at its place', { id: 'another' }],
  ['it is at another position', { position: { commit: 9n, prepare: 9n } }],
  ['its stream has fewer events', { revision: 7n }],
  ['its stream does not exist', { stream: 'inventory-cup' }],
])('holds is false for an event when %s', async (_, other) => {
  const { store, event } = await twoEvents();
  expect(await store.holds({ ...event, ...other })).toBe(false);
});

it('holds is undefined for an event whose stream was deleted and scavenged', async () => {
  const { store, event } = await twoEvents();
  store.scavenge('inventory-mug');
  expect(await store.holds(event)).toBeUndefined();
});
