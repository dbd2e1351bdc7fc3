import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../codec/recorded-event.ts';
import { AppendTooLarge, NewerEventVersion, UndecodableEvent, WrongRevision } from '../errors.ts';
import type { EventStore, SubscriptionEntry } from '../event-store.ts';
import { collect } from './collect.ts';
import type { RawEvent } from './in-memory-event-store.ts';
import { unitsCounted } from './sample-events.ts';

/** An event store under test, and a function that appends without its codec. */
export interface OpenedStore {
  readonly store: EventStore;
  readonly appendRaw: (stream: string, event: RawEvent) => void | Promise<void>;
  readonly close: () => Promise<void>;
}

const quantities = (events: readonly RecordedEvent[]) =>
  events.map(({ event }) => (event.data as { quantity: number }).quantity);

/** The contract of every event store. The one in memory may replace the real one in specs because both pass it. */
export function describeEventStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let opened: OpenedStore;
    let store: EventStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened.close();
    });

    describe('appending and reading', () => {
      it('reads the appended events in order, with their metadata', async () => {
        const stream = 'inventory-append-1';

        const appended = await store.append(stream, [unitsCounted(1), unitsCounted(2)], 'no_stream');

        const events = await collect(store.read(stream));
        expect(appended.revision).toBe(1n);
        expect(events[1]).toEqual({
          event: { type: 'UnitsCounted', data: { productId: '85123A', quantity: 2 } },
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          stream,
          revision: 1n,
          position: appended.position,
          at: expect.any(Date),
          metadata: {
            $correlationId: 'correlation-1',
            $causationId: 'cause-1',
            commandId: 'command-2',
            actor: { sub: 'olivia', role: 'operator' },
            schemaVersion: 1,
          },
        });
      });

      it('reads from a revision, and the last event', async () => {
        const stream = 'inventory-append-2';
        await store.append(stream, [unitsCounted(1), unitsCounted(2), unitsCounted(3)], 'no_stream');

        const tail = await collect(store.read(stream, { from: 1n }));
        const last = await store.readLast(stream);

        expect(quantities(tail)).toEqual([2, 3]);
        expect(last?.revision).toBe(2n);
      });

      it('reads nothing from a stream that does not exist', async () => {
        expect(await collect(store.read('inventory-missing'))).toEqual([]);
        expect(await store.readLast('inventory-missing')).toBeUndefined();
      });

      it('rejects an append with a wrong revision and returns the actual one', async () => {
        const stream = 'inventory-append-3';
        await store.append(stream, [unitsCounted(1), unitsCounted(2)], 'no_stream');

        const error = await store.append(stream, [unitsCounted(3)], 0n).catch((thrown: unknown) => thrown);

        expect(error).toBeInstanceOf(WrongRevision);
        expect(error).toMatchObject({ stream, expected: 0n, actual: 1n });
      });

      it('writes a retried append once, and returns the first result', async () => {
        const stream = 'inventory-append-4';
        await store.append(stream, [unitsCounted(1)], 'no_stream');
        const first = await store.append(stream, [unitsCounted(2), unitsCounted(3)], 0n);
        await store.append(stream, [unitsCounted(4)], 2n);

        const again = await store.append(stream, [unitsCounted(2), unitsCounted(3)], 0n);

        expect(again).toEqual(first);
        expect(quantities(await collect(store.read(stream)))).toEqual([1, 2, 3, 4]);
      });

      it('rejects an append over the limit, and continues with the next', async () => {
        const stream = 'inventory-append-5';
        const large = Array.from({ length: 30_000 }, (_, index) => unitsCounted(index));

        await expect(store.append(stream, large, 'no_stream')).rejects.toBeInstanceOf(AppendTooLarge);

        await store.append(stream, [unitsCounted(1)], 'no_stream');
      });
    });

    describe('events of other programs', () => {
      it('are skipped and reported when their type is unknown', async () => {
        const stream = 'inventory-foreign-1';
        await store.append(stream, [unitsCounted(1)], 'no_stream');
        await opened.appendRaw(stream, { type: 'ByHand', data: { a: 1 } });
        await store.append(stream, [unitsCounted(2)], 1n);
        const unknown: bigint[] = [];

        const events = await collect(
          store.read(stream, { onUnknown: ({ revision }) => void unknown.push(revision) }),
        );

        expect(quantities(events)).toEqual([1, 2]);
        expect(unknown).toEqual([1n]);
      });

      it('are read with default metadata when they were appended by hand', async () => {
        const stream = 'inventory-foreign-2';
        await opened.appendRaw(stream, {
          type: 'UnitsCounted',
          data: { productId: 'foreign-2', quantity: 5 },
        });

        const [event] = await collect(store.read(stream));

        expect(event?.event.data).toEqual({ productId: 'foreign-2', quantity: 5 });
        expect(event?.metadata).toEqual({
          $correlationId: 'foreign-2',
          $causationId: event?.id,
          commandId: event?.id,
          actor: { sub: 'unknown', role: 'system' },
          schemaVersion: 1,
        });
      });

      it('end the read when their data does not fit their type', async () => {
        const stream = 'inventory-foreign-3';
        await opened.appendRaw(stream, { type: 'UnitsCounted', data: { quantity: 'many' } });

        const error = await collect(store.read(stream)).catch((thrown: unknown) => thrown);

        expect(error).toBeInstanceOf(UndecodableEvent);
        expect(error).toMatchObject({ place: { stream, revision: 0n, type: 'UnitsCounted' } });
      });

      it('end the read when a newer version of the program wrote them', async () => {
        const stream = 'inventory-foreign-4';
        const data = { productId: 'foreign-4', quantity: 5 };
        await opened.appendRaw(stream, { type: 'UnitsCounted', data, metadata: { schemaVersion: 2 } });

        const error = await collect(store.read(stream)).catch((thrown: unknown) => thrown);

        expect(error).toBeInstanceOf(NewerEventVersion);
        expect(error).toMatchObject({
          place: { stream, revision: 0n },
          message: expect.stringContaining('has version 2; this program knows version 1'),
        });
      });
    });

    describe('the whole log', () => {
      it('is read by prefix from a position to its current end', async () => {
        const before = await store.append('product-log-1', [unitsCounted(1)], 'no_stream');
        await store.append('order-log-1', [unitsCounted(2)], 'no_stream');
        await store.append('inventory-log-1', [unitsCounted(3)], 'no_stream');
        const end = await store.append('product-log-2', [unitsCounted(4)], 'no_stream');

        const events = await collect(
          store.readAll({ prefixes: ['product-', 'inventory-'], after: before.position }),
        );

        expect(quantities(events)).toEqual([3, 4]);
        expect(await store.head()).toEqual(end.position);
      });
    });

    describe('a subscription to the log', () => {
      it('yields past events, then reports that it has caught up, then yields new events', async () => {
        const start = await store.head();
        const stop = new AbortController();
        await store.append('inventory-follow-1', [unitsCounted(1)], 'no_stream');
        const entries: SubscriptionEntry['kind'][] = [];
        const seen: RecordedEvent[] = [];

        const options = { prefixes: ['inventory-'], signal: stop.signal };
        for await (const entry of store.subscribe(
          start === undefined ? options : { ...options, after: start },
        )) {
          entries.push(entry.kind);
          if (entry.kind === 'caught-up') await store.append('inventory-follow-1', [unitsCounted(2)], 0n);
          if (entry.kind === 'event') seen.push(entry.recorded);
          if (seen.length === 2) stop.abort();
        }

        expect(quantities(seen)).toEqual([1, 2]);
        expect(entries.filter((kind) => kind !== 'checkpoint')).toEqual(['event', 'caught-up', 'event']);
      });

      it('ends at once when it is stopped while there are no events', async () => {
        const stop = new AbortController();
        const kinds: string[] = [];

        for await (const { kind } of store.subscribe({ prefixes: ['nothing-'], signal: stop.signal })) {
          kinds.push(kind);
          if (kind === 'caught-up') setImmediate(() => stop.abort());
        }

        expect(kinds).toContain('caught-up');
      });

      it('yields checkpoints, never beyond an event that it has not yielded', async () => {
        const start = await store.head();
        const stop = new AbortController();
        for (let index = 0; index < 100; index++) {
          await store.append(`product-many-${index}`, [unitsCounted(index)], 'no_stream');
          await store.append(`order-many-${index}`, [unitsCounted(index)], 'no_stream');
        }
        let last = start?.commit ?? -1n;
        let events = 0;
        let checkpoints = 0;

        const options = { prefixes: ['product-many-'], signal: stop.signal };
        for await (const entry of store.subscribe(
          start === undefined ? options : { ...options, after: start },
        )) {
          if (entry.kind === 'caught-up') stop.abort();
          if (entry.kind === 'event') {
            events += 1;
            expect(entry.recorded.position.commit).toBeGreaterThan(last);
            last = entry.recorded.position.commit;
          }
          if (entry.kind === 'checkpoint') {
            checkpoints += 1;
            expect(entry.position.commit).toBeGreaterThanOrEqual(last);
            last = entry.position.commit;
          }
        }

        expect(events).toBe(100);
        expect(checkpoints).toBeGreaterThan(0);
      });
    });
  });
}
