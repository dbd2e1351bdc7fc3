import { describe, expect, it } from 'vitest';
import { createCommandHandler } from '../../../command-handling/create-command-handler.ts';
import { ConcurrencyConflict, QueueFull } from '../../../command-handling/errors.ts';
import { orderId } from '../../../domain/kernel/ids.ts';
import { ShipmentAlreadyCancelled } from '../../../domain/shipment/errors.ts';
import { catalogue } from '../../../event-catalogue/catalogue.ts';
import { parkingStream } from '../../../event-catalogue/streams.ts';
import {
  AppendOutcomeUnknown,
  EventStoreUnavailable,
  NewerEventVersion,
  WrongRevision,
} from '../../../event-store/errors.ts';
import { createInMemoryEventStore } from '../../../event-store/testing/in-memory-event-store.ts';
import { createShop, ORDER } from '../../fulfilment/testing/shop.ts';
import { RETRIES } from '../verdicts.ts';
import { createCrashGuard, WORKER_CRASHED } from './crash-guard.ts';
import { createDeliveryHandler, MAX_UNGUARDED_DELIVERIES } from './delivery-handler.ts';
import { createParking } from './parking.ts';

/** Deliveries of one event to handlers that throw a given fault, or nothing if it is undefined. */
async function deliveries() {
  const shop = createShop();
  await shop.place({ tea: 1 });
  const [recorded] = await shop.events();
  if (recorded === undefined) throw new RangeError('no order was placed');
  const store = createInMemoryEventStore({ catalogue });
  const commands = createCommandHandler({ store });
  const parking = createParking(commands, shop.clock);
  /** Returns the guard of another worker process. */
  const newGuard = () => createCrashGuard(commands, shop.clock);
  const handled: number[] = [];
  const handler = (fault: () => unknown) =>
    createDeliveryHandler({
      group: 'test',
      parking,
      guard: newGuard(),
      handle: async () => {
        handled.push(1);
        const error = fault();
        if (error !== undefined) throw error;
      },
    });
  return {
    store,
    parking,
    newGuard,
    handled,
    handler,
    deliver: (fault: unknown, retryCount = 0) => handler(() => fault).handle({ recorded, retryCount }),
    recorded,
    parked: async () => {
      const events = [];
      for await (const { event } of store.read(parkingStream)) events.push(event);
      return events;
    },
    /** Types of the events by which attempts were recorded and cleared. */
    attempts: async () => {
      const types = [];
      for await (const { event } of store.readAll({ prefixes: ['attempts-'] })) types.push(event.type);
      return types;
    },
  };
}

const at = { type: 'OrderPlaced', stream: 'order-o-1', revision: 0n };
const outages = [
  new EventStoreUnavailable('nobody answers'),
  new AppendOutcomeUnknown('order-o-1', undefined),
  new WrongRevision('order-o-1', 3n, 4n),
  new ConcurrencyConflict('order-o-1', 10),
  new QueueFull('order-o-1', 1_000),
];

describe('an event delivered to a process manager', () => {
  it('is acknowledged when it was handled', async () => {
    const { deliver } = await deliveries();
    expect(await deliver(undefined)).toEqual({ verdict: 'ack' });
  });

  it.each(outages)('is retried as long as an outage lasts: $name', async (error) => {
    const { handler, recorded } = await deliveries();
    const { handle } = handler(() => error);
    for (let time = 0; time < 3 * RETRIES; time += 1)
      expect(await handle({ recorded, retryCount: 0 })).toEqual({
        verdict: 'retry',
        reason: `${error.name}: ${error.message}`,
      });
  });

  it('is parked after ten retries that failed for another reason', async () => {
    const { handler, recorded } = await deliveries();
    const { handle } = handler(() => new Error('nobody knows why'));
    for (let time = 0; time < RETRIES; time += 1)
      expect(await handle({ recorded, retryCount: time })).toMatchObject({ verdict: 'retry' });
    expect(await handle({ recorded, retryCount: 10 })).toEqual({
      verdict: 'park',
      reason: 'still failing after 10 retries: Error: nobody knows why',
      code: 'retries-exhausted',
    });
  });

  it.each([
    new TypeError('cannot read properties of undefined'),
    new NewerEventVersion(at, 2, 1),
    new ShipmentAlreadyCancelled(orderId(ORDER)),
  ])('is parked at once when a retry cannot help: $name', async (error) => {
    const { deliver } = await deliveries();
    expect(await deliver(error)).toEqual({
      verdict: 'park',
      reason: `${error.name}: ${error.message}`,
      code: 'permanent-error',
    });
  });

  it('is parked when the handler throws a value that is not an Error', async () => {
    const { deliver } = await deliveries();
    expect(await deliver('oops')).toMatchObject({
      verdict: 'park',
      reason: 'a value that is not an Error was thrown: oops',
    });
  });

  it('is parked with its stream, its revision and its order', async () => {
    const { handler, parked } = await deliveries();
    const toPark = { ...at, type: 'OrderPlaced', id: 'an id', reason: 'TypeError: broken' };
    await handler(() => undefined).park(toPark);
    expect(await parked()).toEqual([
      {
        type: 'ItemParked',
        data: {
          itemId: expect.stringMatching(/^[0-9a-f]{24}$/),
          subject: {
            group: 'test',
            kind: 'event',
            stream: 'order-o-1',
            revision: '0',
            type: 'OrderPlaced',
            orderId: 'o-1',
          },
          reason: 'permanent-error',
          detail: 'TypeError: broken',
          parkedAt: '2026-01-05T10:00:00.000Z',
        },
      },
    ]);
  });
});

describe('an event that was delivered more than ten times', () => {
  const often = MAX_UNGUARDED_DELIVERIES + 1;

  it('is handled like any other while no worker crashes, and only its first attempt is recorded', async () => {
    const { handler, recorded, handled, attempts } = await deliveries();
    const faults = [1, 2, 3, 4, 5].map(() => new EventStoreUnavailable('long away'));
    const { handle } = handler(() => faults.pop());
    for (let time = 0; time < 5; time += 1)
      expect(await handle({ recorded, retryCount: often + time })).toMatchObject({ verdict: 'retry' });
    expect(await handle({ recorded, retryCount: often + 5 })).toEqual({ verdict: 'ack' });
    expect(handled).toHaveLength(6);
    expect(await attempts()).toEqual(['AttemptRecorded', 'AttemptsCleared']);
  });

  it('is handled at each delivery when each goes to another worker', async () => {
    const { deliver, parked, handled } = await deliveries();
    for (let time = 0; time < 5; time += 1)
      expect(await deliver(new EventStoreUnavailable('long away'), often + time)).toMatchObject({
        verdict: 'retry',
      });
    expect(await deliver(undefined, often + 5)).toEqual({ verdict: 'ack' });
    expect(handled).toHaveLength(6);
    expect(await parked()).toEqual([]);
  });

  it('is not parked when its attempts cannot be cleared during an outage', async () => {
    const { store, handler, recorded, handled } = await deliveries();
    const { handle } = handler(() => {
      store.failNextAppend('unavailable');
      return new EventStoreUnavailable('it comes and goes');
    });
    for (let time = 0; time < 8; time += 1)
      expect(await handle({ recorded, retryCount: often + time })).toMatchObject({ verdict: 'retry' });
    expect(handled).toHaveLength(8);
  });

  it('is parked when three workers crashed while handling it, and is not handled again', async () => {
    const { parking, handler, handled, recorded, parked, newGuard, attempts } = await deliveries();
    for (let time = 0; time < 3; time += 1) {
      // A crashed process never returns from handling.
      let handling: () => void = () => {};
      const begun = new Promise<void>((resolve) => (handling = resolve));
      const handle = () => {
        handling();
        return new Promise<never>(() => {});
      };
      const mortal = createDeliveryHandler({ group: 'test', parking, guard: newGuard(), handle });
      void mortal.handle({ recorded, retryCount: often + time });
      await begun;
    }
    for (let time = 3; time < 5; time += 1) {
      const survivor = handler(() => undefined);
      expect(await survivor.handle({ recorded, retryCount: often + time })).toEqual({ verdict: 'ack' });
    }
    expect(handled).toEqual([]);
    expect(await parked()).toMatchObject([{ type: 'ItemParked', data: WORKER_CRASHED }]);
    // A replay counts from zero.
    expect((await attempts()).at(-1)).toBe('AttemptsCleared');
  });
});

describe('deliveries of guarded events', () => {
  it('are handled one at a time, while other deliveries are handled concurrently', async () => {
    const { recorded, parking, newGuard } = await deliveries();
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const { handle } = createDeliveryHandler({
      group: 'test',
      parking,
      guard: newGuard(),
      handle: ({ id }) => {
        begun.push(id);
        return new Promise((resolve) => ends.push(resolve));
      },
    });
    const deliver = (id: string, revision: bigint, retryCount: number) =>
      handle({ recorded: { ...recorded, id, revision }, retryCount });

    const first = deliver('guarded 1', 1n, MAX_UNGUARDED_DELIVERIES + 1);
    const second = deliver('guarded 2', 2n, MAX_UNGUARDED_DELIVERIES + 1);
    await expect.poll(() => begun).toEqual(['guarded 1']);
    const third = deliver('unguarded', 3n, 0);
    expect(begun).toEqual(['guarded 1', 'unguarded']);
    ends[0]?.();
    await first;
    await expect.poll(() => begun).toEqual(['guarded 1', 'unguarded', 'guarded 2']);
    for (const end of ends) end();
    expect(await Promise.all([second, third])).toEqual([{ verdict: 'ack' }, { verdict: 'ack' }]);
  });
});
