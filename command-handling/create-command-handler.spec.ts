import { describe, expect, it } from 'vitest';
import { inventoryDecider } from '../domain/inventory/decider.ts';
import { StockBelowReserved } from '../domain/inventory/errors.ts';
import { levels } from '../domain/inventory/state.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import { AppendOutcomeUnknown, AppendTooLarge, EventStoreUnavailable } from '../event-store/errors.ts';
import { collect } from '../event-store/testing/collect.ts';
import { createInMemoryEventStore } from '../event-store/testing/in-memory-event-store.ts';
import type { CommandHandler } from './command-handler.ts';
import { createCommandHandler } from './create-command-handler.ts';
import { KeyReused, QueueFull, StaleRevision } from './errors.ts';
import type { AnyDecider } from './state/folded.ts';
import { adjust, commit, context, open, receive, reserve, stock } from './testing/sample-commands.ts';

const setUp = (limits = {}) => {
  const store = createInMemoryEventStore({ catalogue });
  const otherStore = store.connectAgain();
  return {
    store,
    handler: createCommandHandler({ store, limits }),
    other: createCommandHandler({ store: otherStore, limits }),
    otherStore,
    types: async () => (await collect(store.read(stock))).map(({ event }) => event.type),
    commands: async () => (await collect(store.read(stock))).map(({ metadata }) => metadata.commandId),
  };
};
const thrown = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('a command', () => {
  it('is decided on what the stream holds, and answered with what it led to', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(10, 'c1'));

    const result = await handler.handle(reserve('order-1', 4, 'c2'));

    expect(result.events.map(({ type }) => type)).toEqual(['StockReserved']);
    expect(result.revision).toBe(1n);
    expect(levels(result.state)).toMatchObject({ onHand: 10, reserved: 4, available: 6 });
    expect(result.position).toEqual(await store.head());
  });

  it('writes who sent it and what it belongs to', async () => {
    const { handler, store } = setUp();

    await handler.handle(receive(10, 'c1'));

    const [recorded] = await collect(store.read(stock));
    expect(recorded?.metadata).toEqual({
      $correlationId: 'correlation-1',
      $causationId: 'cause-1',
      commandId: 'c1',
      actor: { sub: 'olivia', role: 'operator' },
      schemaVersion: 1,
    });
  });

  it('appends nothing when it already holds, and says where the stream is', async () => {
    const { handler, store } = setUp();
    await handler.handle(open(10, 'c1'));

    const result = await handler.handle(open(10, 'c2'));

    expect(result).toMatchObject({ events: [], revision: 0n, position: await store.head() });
    expect(store.calls.appends).toBe(1);
  });

  it('on a stream that is not there has no revision when nothing comes of it', async () => {
    const { handler } = setUp();

    const result = await handler.handle(adjust(0, 'c1'));

    expect(result).toMatchObject({ events: [], revision: undefined, position: undefined });
  });

  it('reads a stream once, then appends without reading', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c1'));
    await handler.handle(receive(2, 'c2'));
    await handler.handle(receive(3, 'c3'));

    expect(store.calls).toEqual({ appends: 3, reads: 1 });
  });

  it('to a stream presumed new is appended without reading', async () => {
    const { handler, store } = setUp();

    await handler.handle(receive(1, 'c1', { presumeNew: true }));

    expect(store.calls).toEqual({ appends: 1, reads: 0 });
  });

  it('to a stream wrongly presumed new is decided again on what is there', async () => {
    const { handler, other } = setUp();
    await other.handle(receive(5, 'c1'));

    const result = await handler.handle(receive(1, 'c2', { presumeNew: true }));

    expect(levels(result.state).onHand).toBe(6);
    expect(result.revision).toBe(1n);
  });

  it('counts events of unknown type for the revision', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c1'));
    store.appendRaw(stock, { type: 'ByHand', data: {} });

    const result = await handler.handle(receive(2, 'c2'));

    expect(result.revision).toBe(2n);
    expect(levels(result.state).onHand).toBe(3);
  });
});

describe('commands that wait for the same stream', () => {
  it('are appended as one write, each with its own answer', async () => {
    const { handler, store } = setUp();

    const results = await Promise.all(
      Array.from({ length: 64 }, (_, index) => handler.handle(receive(1, `c${index}`))),
    );

    expect(store.calls.appends).toBe(1);
    expect(results.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 64 }, (_, index) => BigInt(index)),
    );
    expect(results.map(({ state }) => levels(state).onHand)).toEqual(
      Array.from({ length: 64 }, (_, index) => index + 1),
    );
  });

  it('are refused one by one', async () => {
    const { handler } = setUp();
    await handler.handle(receive(10, 'c1'));

    const [reserved, refused, received] = await Promise.all([
      handler.handle(reserve('order-1', 8, 'c2')),
      thrown(handler.handle(adjust(-5, 'c3'))),
      handler.handle(receive(5, 'c4')),
    ]);

    expect(reserved.revision).toBe(1n);
    expect(refused).toBeInstanceOf(StockBelowReserved);
    expect(received.revision).toBe(2n);
  });

  it('go into several writes when they are more than one may carry', async () => {
    const { handler, store, commands } = setUp({ batchBytes: 2000 });

    await Promise.all(Array.from({ length: 20 }, (_, index) => handler.handle(receive(1, `c${index}`))));

    expect(store.calls.appends).toBeGreaterThan(1);
    expect(store.calls.appends).toBeLessThan(10);
    expect(await commands()).toEqual(Array.from({ length: 20 }, (_, index) => `c${index}`));
  });

  it('do not suffer from one that is refused', async () => {
    const { handler, commands } = setUp();

    const [first, broken, last] = await Promise.all([
      handler.handle(receive(1, 'c1')),
      thrown(handler.handle(receive(0.5, 'c2'))),
      handler.handle(receive(2, 'c3')),
    ]);

    expect(first.revision).toBe(0n);
    expect(broken).toHaveProperty('name', 'StockTooLarge');
    expect(last.revision).toBe(1n);
    expect(await commands()).toEqual(['c1', 'c3']);
  });

  it('are turned away beyond the bound of the queue', async () => {
    const { handler } = setUp({ waitingPerStream: 2 });

    const answers = await Promise.all([
      thrown(handler.handle(receive(1, 'c1'))),
      thrown(handler.handle(receive(2, 'c2'))),
      thrown(handler.handle(receive(3, 'c3'))),
    ]);

    expect(answers).toEqual([undefined, undefined, expect.any(QueueFull)]);
    expect(handler.waiting()).toBe(0);
    await handler.handle(receive(4, 'c4'));
  });

  it('are turned away beyond the bound of all queues together', async () => {
    const { handler } = setUp({ waiting: 1 });

    const answers = await Promise.all([
      thrown(handler.handle(receive(1, 'c1', { stream: 'inventory-a' }))),
      thrown(handler.handle(receive(2, 'c2', { stream: 'inventory-b' }))),
    ]);

    expect(answers).toEqual([undefined, expect.any(QueueFull)]);
  });
});

describe('when others write to the stream', () => {
  it('decides again on what they wrote', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(10, 'c1'));
    await other.handle(reserve('order-1', 8, 'c2'));

    const result = await handler.handle(reserve('order-2', 5, 'c3'));

    expect(result.events[0]).toMatchObject({ type: 'StockReservationRefused', data: { available: 2 } });
    expect(result.revision).toBe(2n);
  });

  it('does not refuse on a state that is out of date', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(1, 'c1'));
    await other.handle(receive(10, 'c2'));

    const result = await handler.handle(adjust(-5, 'c3'));

    expect(levels(result.state).onHand).toBe(6);
  });

  it('does not take for done what is done no longer', async () => {
    const { handler, other, types } = setUp();
    await handler.handle(adjust(0, 'c1'));
    await other.handle(open(10, 'c2'));

    const result = await handler.handle(open(10, 'c3'));

    expect(result).toMatchObject({ events: [], revision: 0n });
    expect(await types()).toEqual(['StockOpened']);
  });

  it('keeps trying while somebody is always first, then gives up', async () => {
    const { handler, store, otherStore } = setUp({ attempts: 3 });
    const other = createCommandHandler({ store: otherStore });
    let count = 0;
    store.beforeAppend = async () => {
      count += 1;
      await other.handle(receive(1, `other-${count}`));
    };

    const error = await thrown(handler.handle(receive(1, 'c1')));

    expect(error).toMatchObject({ name: 'ConcurrencyConflict', attempts: 3 });
    store.beforeAppend = undefined;
    expect((await handler.handle(receive(1, 'c2'))).revision).toBe(3n);
  });
});

describe('beside an append that stands in the stream already', () => {
  /** A process that does not know of two reservations by another, the first of which it is asked to make again. */
  const behind = async () => {
    const parts = setUp();
    await parts.handler.handle(receive(10, 'c1'));
    await parts.other.handle(reserve('order-1', 4, 'c2'));
    await parts.other.handle(reserve('order-2', 2, 'c3'));
    return parts;
  };
  const again = reserve('order-1', 4, 'c2');

  it('what would be refused by the state at hand is decided on what the stream holds', async () => {
    const { handler, types } = await behind();

    const [repeated, committed] = await Promise.all([
      handler.handle(again),
      handler.handle(commit('order-2', 'c4')),
    ]);

    expect(repeated.revision).toBe(1n);
    expect(committed).toMatchObject({ events: [{ type: 'StockCommitted' }], revision: 3n });
    expect(await types()).toEqual(['StockReceived', 'StockReserved', 'StockReserved', 'StockCommitted']);
  });

  it('what is refused there too is refused, and what came to nothing says where the stream is', async () => {
    const { handler } = await behind();

    const [, refused, nothing] = await Promise.all([
      handler.handle(again),
      thrown(handler.handle(adjust(-5, 'c4'))),
      handler.handle(adjust(0, 'c5')),
    ]);

    expect(refused).toBeInstanceOf(StockBelowReserved);
    expect(refused).toMatchObject({ reserved: 6 });
    expect(nothing).toMatchObject({ events: [], revision: 2n });
  });

  it('fails when the stream cannot be read further, and the append does not', async () => {
    const { handler, store } = await behind();
    const read = store.read;
    store.read = () => {
      throw new EventStoreUnavailable('for a while');
    };

    const [repeated, refused] = await Promise.all([
      handler.handle(again),
      thrown(handler.handle(commit('order-2', 'c4'))),
    ]);

    store.read = read;
    expect(repeated.revision).toBe(1n);
    expect(refused).toBeInstanceOf(EventStoreUnavailable);
  });
});

describe('while the event store may have been replaced', () => {
  it('a command is decided on the events in the store, not on cached state', async () => {
    const store = createInMemoryEventStore({ catalogue });
    let isTrusted = true;
    const handler = createCommandHandler({ store, isTrusted: () => isTrusted });
    await handler.handle(receive(10, 'c1'));
    await handler.handle(reserve('order-1', 4, 'c2'));
    // The store is replaced by an older copy without the stream.
    store.scavenge(stock);
    isTrusted = false;

    expect(handler.cachedState(stock, inventoryDecider)).toBeUndefined();
    const result = await handler.handle(receive(3, 'c3'));

    expect({ revision: result.revision, onHand: levels(result.state).onHand }).toEqual({
      revision: 0n,
      onHand: 3,
    });
  });
});

describe('If-Match', () => {
  it('lets a command pass that saw the present revision', async () => {
    const { handler } = setUp();
    await handler.handle(receive(1, 'c1'));

    expect((await handler.handle(receive(1, 'c2', { ifMatch: [0n] }))).revision).toBe(1n);
  });

  it('tells where the stream is when the caller saw another revision', async () => {
    const { handler } = setUp();
    await handler.handle(receive(1, 'c1'));
    await handler.handle(receive(1, 'c2'));

    const error = await thrown(handler.handle(receive(1, 'c3', { ifMatch: [0n] })));

    expect(error).toBeInstanceOf(StaleRevision);
    expect(error).toMatchObject({ actual: 1n, expected: [0n] });
  });

  it('is held against the revision as it is, not as it was remembered', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(1, 'c1'));
    await other.handle(receive(1, 'c2'));

    expect((await handler.handle(receive(1, 'c3', { ifMatch: [1n] }))).revision).toBe(2n);
  });

  it('is held against what was decided before it in the same write', async () => {
    const { handler } = setUp();
    await handler.handle(receive(1, 'c1'));

    const [first, second] = await Promise.all([
      handler.handle(receive(1, 'c2', { ifMatch: [0n] })),
      thrown(handler.handle(receive(1, 'c3', { ifMatch: [0n] }))),
    ]);

    expect(first.revision).toBe(1n);
    expect(second).toMatchObject({ name: 'StaleRevision', actual: 1n });
  });

  it('refuses even what already holds', async () => {
    const { handler } = setUp();
    await handler.handle(open(1, 'c1'));

    expect(await thrown(handler.handle(open(1, 'c2', { ifMatch: [7n] })))).toBeInstanceOf(StaleRevision);
  });

  it('refuses where there is no stream', async () => {
    const { handler } = setUp();

    const error = await thrown(handler.handle(receive(1, 'c1', { ifMatch: [0n] })));

    expect(error).toMatchObject({ name: 'StaleRevision', actual: undefined });
  });
});

describe('an append whose outcome is unknown', () => {
  it('is told to everybody who shared it, and forgotten: the next command reads what is there', async () => {
    const { handler, store, commands } = setUp();
    await handler.handle(receive(1, 'c1'));
    store.failNextAppend('answer-lost');

    const answers = await Promise.all([
      thrown(handler.handle(receive(2, 'c2'))),
      thrown(handler.handle(receive(3, 'c3'))),
    ]);
    const result = await handler.handle(receive(4, 'c4'));

    expect(answers).toEqual([expect.any(AppendOutcomeUnknown), expect.any(AppendOutcomeUnknown)]);
    expect(store.calls).toEqual({ appends: 3, reads: 2 });
    expect(levels(result.state).onHand).toBe(10);
    expect(await commands()).toEqual(['c1', 'c2', 'c3', 'c4']);
  });

  it('was not written when the request was lost', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c1'));
    store.failNextAppend('request-lost');
    await thrown(handler.handle(receive(2, 'c2')));

    expect(levels((await handler.handle(receive(4, 'c3'))).state).onHand).toBe(5);
  });

  it('differs from a store that is away', async () => {
    const { handler, store } = setUp();
    store.failNextAppend('away');

    expect(await thrown(handler.handle(receive(1, 'c1')))).toBeInstanceOf(EventStoreUnavailable);
    expect((await handler.handle(receive(1, 'c2'))).revision).toBe(0n);
  });
});

describe('a keyed command', () => {
  it('that was done is found by its id and not done again', async () => {
    const { handler, other, commands } = setUp();
    await handler.handle(receive(1, 'c0'));
    await handler.handle(receive(2, 'c1'));
    await handler.handle(receive(3, 'c2'));

    const again = await other.handle(receive(2, 'c1', { lookFrom: 1n }));

    expect(again.events).toEqual([{ type: 'StockReceived', data: { productId: '85123A', quantity: 2 } }]);
    expect(again.revision).toBe(1n);
    expect(levels(again.state).onHand).toBe(6);
    expect(await commands()).toEqual(['c0', 'c1', 'c2']);
  });

  it('whose answer was lost is found when it is sent again', async () => {
    const { handler, store, commands } = setUp();
    store.failNextAppend('answer-lost');
    await thrown(handler.handle(receive(2, 'c1', { lookFrom: 0n })));

    const again = await handler.handle(receive(2, 'c1', { lookFrom: 0n }));

    expect(again.revision).toBe(0n);
    expect(await commands()).toEqual(['c1']);
  });

  it('is found by its id when its twin was first in another process', async () => {
    const { handler, store, other, commands } = setUp();
    await handler.handle(receive(1, 'c0'));
    store.beforeAppend = async () => {
      store.beforeAppend = undefined;
      await other.handle(receive(2, 'c1', { lookFrom: 1n }));
      await other.handle(receive(3, 'c2'));
    };

    const result = await handler.handle(receive(2, 'c1', { lookFrom: 1n }));

    expect(result.revision).toBe(1n);
    expect(await commands()).toEqual(['c0', 'c1', 'c2']);
  });

  it('and its twin in the same write are one', async () => {
    const { handler, commands } = setUp();

    const [first, second] = await Promise.all([
      handler.handle(receive(2, 'c1', { lookFrom: 0n, presumeNew: true })),
      handler.handle(receive(2, 'c1', { lookFrom: 0n, presumeNew: true })),
    ]);

    expect(second).toEqual(first);
    expect(await commands()).toEqual(['c1']);
  });

  it('is done though If-Match is out of date, when it was done before', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(1, 'c0'));
    await handler.handle(receive(2, 'c1', { lookFrom: 1n, ifMatch: [0n] }));

    const again = await other.handle(receive(2, 'c1', { lookFrom: 1n, ifMatch: [0n] }));

    expect(again.revision).toBe(1n);
  });

  it('is refused when it was done with another fingerprint', async () => {
    const { handler } = setUp();
    const keyed = (quantity: number, fingerprint: string) => {
      const request = receive(quantity, 'c1', { lookFrom: 0n, presumeNew: true });
      return { ...request, context: { ...request.context, fingerprint } };
    };
    await handler.handle(keyed(1, 'one'));

    expect(await thrown(handler.handle(keyed(2, 'two')))).toBeInstanceOf(KeyReused);
    expect((await handler.handle(keyed(1, 'one'))).revision).toBe(0n);
  });

  it('costs no read when nothing can have come of it yet', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c0'));

    await handler.handle(receive(2, 'c1', { lookFrom: 1n }));

    expect(store.calls).toEqual({ appends: 2, reads: 1 });
  });
});

describe('a stream with more events than all that are kept', () => {
  it('is kept all the same', async () => {
    const { handler, store } = setUp({ cachedWeight: 10 });
    for (let index = 0; index < 20; index++) await handler.handle(receive(1, `c${index}`));

    expect(store.calls).toEqual({ appends: 20, reads: 1 });
  });
});

describe('a command that is too large by itself', () => {
  it('is refused by the store, and nobody else is', async () => {
    const { handler, store, commands } = setUp();
    const tooLarge = new AppendTooLarge(stock, 2_000_000, 1_048_576);
    const append = store.append.bind(store);
    const picky = {
      ...store,
      append: async (...args: Parameters<typeof append>) => {
        if (args[1].some(({ metadata }) => metadata.commandId === 'c2')) throw tooLarge;
        return append(...args);
      },
    };
    const careful = createCommandHandler({ store: picky });

    const [first, large, last] = await Promise.all([
      careful.handle(receive(1, 'c1')),
      thrown(careful.handle(receive(2, 'c2'))),
      careful.handle(receive(3, 'c3')),
    ]);

    expect(large).toBe(tooLarge);
    expect([first.revision, last.revision]).toEqual([0n, 1n]);
    expect(await commands()).toEqual(['c1', 'c3']);
    expect(handler.waiting()).toBe(0);
  });
});

describe('what is kept of streams', () => {
  const handlerOf = (cachedWeight: number) =>
    createCommandHandler({ store: createInMemoryEventStore({ catalogue }), limits: { cachedWeight } });
  const kept = (handler: CommandHandler, streams: readonly string[], decider: AnyDecider) =>
    streams.filter((stream) => handler.cachedState(stream, decider) !== undefined).length;

  it('is bounded by what their states list, not by their number alone', async () => {
    const handler = handlerOf(10_000);
    const decider: AnyDecider = {
      decide: (lines) => [
        {
          type: 'StockShort',
          data: {
            orderId: 'o',
            short: Array.from({ length: lines as number }, () => ({
              productId: 'p',
              requested: 2,
              available: 1,
            })),
          },
        },
      ],
      evolve: (_state, { data }) => data,
      initialState: undefined,
    };
    const streams = Array.from({ length: 400 }, (_, order) => `fulfilment-${order}`);
    const send = (stream: string, command: number) =>
      handler.handle({ stream, decider, command, context: context(stream), presumeNew: true });

    for (const stream of streams.slice(0, 200)) await send(stream, 1);
    expect(kept(handler, streams, decider)).toBe(200);
    for (const stream of streams.slice(200)) await send(stream, 90);
    expect(kept(handler, streams, decider)).toBeLessThan(120);
  });

  it('counts all orders that hold stock, however many a product has', async () => {
    const handler = handlerOf(1_000);
    const streams = ['inventory-1', 'inventory-2', 'inventory-3'];
    for (const stream of streams) {
      const orders = Array.from({ length: 400 }, (_, n) => reserve(`${n}`, 1, `${stream}-${n}`, { stream }));
      await handler.handle(receive(400, stream, { stream }));
      await Promise.all(orders.map((order) => handler.handle(order)));
    }

    expect(kept(handler, streams, inventoryDecider as unknown as AnyDecider)).toBe(2);
  });

  it('counts long texts', async () => {
    const handler = handlerOf(1_000);
    const decider: AnyDecider = {
      decide: () => [{ type: 'StockAllocated', data: { orderId: 'o' } }],
      evolve: () => ({ reference: 'x'.repeat(64 * 300) }),
      initialState: undefined,
    };
    const streams = Array.from({ length: 10 }, (_, order) => `payment-${order}`);
    for (const stream of streams)
      await handler.handle({ stream, decider, command: undefined, context: context(stream) });

    expect(kept(handler, streams, decider)).toBe(3);
  });
});
