import { describe, expect, it } from 'vitest';
import { createCommandHandler } from '../command-handling/create-command-handler.ts';
import { ConcurrencyConflict, QueueFull } from '../command-handling/errors.ts';
import { orderId } from '../domain/kernel/ids.ts';
import { ShipmentAlreadyCancelled } from '../domain/shipment/refusals.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import {
  AppendOutcomeUnknown,
  EventStoreAway,
  NewerEventVersion,
  WrongRevision,
} from '../event-store/errors.ts';
import { createInMemoryEventStore } from '../event-store/testing/in-memory-event-store.ts';
import { deliveryHandler, UNSUSPECTED } from './delivery-handler.ts';
import { parking as parkingOf } from './parked/parked-steps.ts';
import { ORDER, shop } from './testing/shop.ts';
import { RETRIES } from './verdicts.ts';

/** Deliveries of one event to a handler that throws what it is told to; undefined: nothing. */
async function deliveries() {
  const here = shop();
  await here.place({ tea: 1 });
  const [recorded] = await here.heard();
  if (recorded === undefined) throw new RangeError('nothing was placed');
  const store = createInMemoryEventStore({ catalogue });
  const parking = parkingOf(createCommandHandler({ store }), here.clock);
  const handled: number[] = [];
  const handler = (fault: () => unknown) =>
    deliveryHandler({
      group: 'test',
      parking,
      handle: async () => {
        handled.push(1);
        const error = fault();
        if (error !== undefined) throw error;
      },
    });
  return {
    store,
    parking,
    handled,
    handler,
    deliver: (fault: unknown, retryCount = 0) => handler(() => fault).handle({ recorded, retryCount }),
    recorded,
    parked: async () => {
      const events = [];
      for await (const { event } of store.read('parked-steps')) events.push(event);
      return events;
    },
  };
}

const at = { type: 'OrderPlaced', stream: 'order-o-1', revision: 0n };
const outages = [
  new EventStoreAway('nobody answers'),
  new AppendOutcomeUnknown('order-o-1', undefined),
  new WrongRevision('order-o-1', 3n, 4n),
  new ConcurrencyConflict('order-o-1', 10),
  new QueueFull('order-o-1', 1_000),
];

describe('a delivery', () => {
  it('that was handled is acknowledged', async () => {
    const { deliver } = await deliveries();
    expect(await deliver(undefined)).toEqual({ verdict: 'ack' });
  });

  it.each(outages)('that meets an outage comes again, however long it lasts: $name', async (error) => {
    const { handler, recorded } = await deliveries();
    const { handle } = handler(() => error);
    for (let time = 0; time < 3 * RETRIES; time += 1)
      expect(await handle({ recorded, retryCount: 0 })).toEqual({
        verdict: 'retry',
        reason: `${error.name}: ${error.message}`,
      });
  });

  it('whose own fault keeps coming is set aside', async () => {
    const { handler, recorded } = await deliveries();
    const { handle } = handler(() => new Error('nobody knows why'));
    for (let time = 0; time < RETRIES; time += 1)
      expect(await handle({ recorded, retryCount: time })).toMatchObject({ verdict: 'retry' });
    expect(await handle({ recorded, retryCount: 10 })).toEqual({
      verdict: 'park',
      reason: 'still failing after 10 retries: Error: nobody knows why',
    });
  });

  it.each([
    new TypeError('cannot read properties of undefined'),
    new NewerEventVersion(at, 2, 1),
    new ShipmentAlreadyCancelled(orderId(ORDER)),
  ])('that no retry can mend is set aside at once: $name', async (error) => {
    const { deliver } = await deliveries();
    expect(await deliver(error)).toEqual({ verdict: 'park', reason: `${error.name}: ${error.message}` });
  });

  it('for which something was thrown that is no error is set aside', async () => {
    const { deliver } = await deliveries();
    expect(await deliver('oops')).toEqual({ verdict: 'park', reason: 'something was thrown: oops' });
  });

  it('is set aside with where it stands and whose it is', async () => {
    const { handler, parked } = await deliveries();
    const toPark = { ...at, type: 'OrderPlaced', id: 'an id', reason: 'TypeError: broken' };
    await handler(() => undefined).park(toPark);
    expect(await parked()).toEqual([
      {
        type: 'StepParked',
        data: {
          stepId: expect.stringMatching(/^[0-9a-f]{24}$/),
          subject: {
            group: 'test',
            kind: 'event',
            stream: 'order-o-1',
            revision: '0',
            type: 'OrderPlaced',
            orderId: 'o-1',
          },
          reason: 'TypeError: broken',
          parkedAt: '2026-01-05T10:00:00.000Z',
        },
      },
    ]);
  });
});

describe('an event that came very often', () => {
  const often = UNSUSPECTED + 1;

  it('is handled like any other when its consumer survives, as often as it comes', async () => {
    const { deliver, parked, handled } = await deliveries();
    for (let time = 0; time < 5; time += 1)
      expect(await deliver(new EventStoreAway('long away'), often + time)).toMatchObject({
        verdict: 'retry',
      });
    expect(await deliver(undefined, often + 5)).toEqual({ verdict: 'ack' });
    expect(handled).toHaveLength(6);
    expect((await parked()).at(-1)?.type).toBe('StepSurvived');
  });

  it('is not suspected for an outage in which its survival could not be noted', async () => {
    const { store, handler, recorded, handled } = await deliveries();
    const { handle } = handler(() => {
      store.failNextAppend('away');
      return new EventStoreAway('it comes and goes');
    });
    for (let time = 0; time < 8; time += 1)
      expect(await handle({ recorded, retryCount: often + time })).toMatchObject({ verdict: 'retry' });
    expect(handled).toHaveLength(8);
  });

  it('is set aside when each of its consumers ended, and handled no more', async () => {
    const { parking, handler, handled, recorded, parked } = await deliveries();
    for (let time = 0; time < 3; time += 1) {
      // A process that dies never comes back from handling.
      let handling: () => void = () => {};
      const begun = new Promise<void>((resolve) => (handling = resolve));
      const handle = () => {
        handling();
        return new Promise<never>(() => {});
      };
      void deliveryHandler({ group: 'test', parking, handle }).handle({ recorded, retryCount: often + time });
      await begun;
    }
    const survivor = handler(() => undefined);
    expect(await survivor.handle({ recorded, retryCount: often + 3 })).toEqual({ verdict: 'ack' });
    expect(handled).toEqual([]);
    expect((await parked()).at(-1)).toMatchObject({
      type: 'StepParked',
      data: { reason: 'each of its consumers ended, or fell silent, while handling it' },
    });
  });
});

describe('deliveries under suspicion', () => {
  it('are handled one after the other, others beside them', async () => {
    const { recorded, parking } = await deliveries();
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const { handle } = deliveryHandler({
      group: 'test',
      parking,
      handle: ({ id }) => {
        begun.push(id);
        return new Promise((resolve) => ends.push(resolve));
      },
    });
    const deliver = (id: string, revision: bigint, retryCount: number) =>
      handle({ recorded: { ...recorded, id, revision }, retryCount });

    const first = deliver('suspect 1', 1n, UNSUSPECTED + 1);
    const second = deliver('suspect 2', 2n, UNSUSPECTED + 1);
    await expect.poll(() => begun).toEqual(['suspect 1']);
    const third = deliver('unsuspected', 3n, 0);
    expect(begun).toEqual(['suspect 1', 'unsuspected']);
    ends[0]?.();
    await first;
    await expect.poll(() => begun).toEqual(['suspect 1', 'unsuspected', 'suspect 2']);
    for (const end of ends) end();
    expect(await Promise.all([second, third])).toEqual([{ verdict: 'ack' }, { verdict: 'ack' }]);
  });
});
