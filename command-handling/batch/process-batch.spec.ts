import { describe, expect, it } from 'vitest';
import { StockBelowReserved } from '../../domain/inventory/errors.ts';
import { levels } from '../../domain/inventory/state.ts';
import { AppendTooLarge, EventStoreUnavailable } from '../../event-store/errors.ts';
import { createCommandHandler } from '../create-command-handler.ts';
import { QueueFull } from '../errors.ts';
import { adjust, commit, receive, reserve, stock } from '../testing/sample-commands.ts';
import { setUp, thrown } from '../testing/two-handlers.ts';

describe('commands that wait for the same stream', () => {
  it('are appended together, each with its own result', async () => {
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

  it('are rejected one by one', async () => {
    const { handler } = setUp();
    await handler.handle(receive(10, 'c1'));

    const [reserved, rejected, received] = await Promise.all([
      handler.handle(reserve('order-1', 8, 'c2')),
      thrown(handler.handle(adjust(-5, 'c3'))),
      handler.handle(receive(5, 'c4')),
    ]);

    expect(reserved.revision).toBe(1n);
    expect(rejected).toBeInstanceOf(StockBelowReserved);
    expect(received.revision).toBe(2n);
  });

  it('are split into several appends by the maximum size of an append', async () => {
    const { handler, store, commands } = setUp({ batchBytes: 2000 });

    await Promise.all(Array.from({ length: 20 }, (_, index) => handler.handle(receive(1, `c${index}`))));

    expect(store.calls.appends).toBeGreaterThan(1);
    expect(store.calls.appends).toBeLessThan(10);
    expect(await commands()).toEqual(Array.from({ length: 20 }, (_, index) => `c${index}`));
  });

  it('are not affected by a rejected one', async () => {
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

  it('are rejected while the queue of the stream is full', async () => {
    const { handler } = setUp({ waitingPerStream: 2 });

    const results = await Promise.all([
      thrown(handler.handle(receive(1, 'c1'))),
      thrown(handler.handle(receive(2, 'c2'))),
      thrown(handler.handle(receive(3, 'c3'))),
    ]);

    expect(results).toEqual([undefined, undefined, expect.any(QueueFull)]);
    expect(handler.waiting()).toBe(0);
    await handler.handle(receive(4, 'c4'));
  });

  it('are rejected while all queues together are full', async () => {
    const { handler } = setUp({ waiting: 1 });

    const results = await Promise.all([
      thrown(handler.handle(receive(1, 'c1', { stream: 'inventory-a' }))),
      thrown(handler.handle(receive(2, 'c2', { stream: 'inventory-b' }))),
    ]);

    expect(results).toEqual([undefined, expect.any(QueueFull)]);
  });
});

describe('a command that exceeds the maximum size of an append', () => {
  it('fails alone; the other commands of its batch succeed', async () => {
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

describe('a command decided together with one whose events are in the stream already', () => {
  /** A process whose cached state lacks two reservations, which another process has made. */
  const behind = async () => {
    const parts = setUp();
    await parts.handler.handle(receive(10, 'c1'));
    await parts.other.handle(reserve('order-1', 4, 'c2'));
    await parts.other.handle(reserve('order-2', 2, 'c3'));
    return parts;
  };
  const again = reserve('order-1', 4, 'c2');

  it('is decided on the events of the stream, not on the stale state', async () => {
    const { handler, types } = await behind();

    const [repeated, committed] = await Promise.all([
      handler.handle(again),
      handler.handle(commit('order-2', 'c4')),
    ]);

    expect(repeated.revision).toBe(1n);
    expect(committed).toMatchObject({ events: [{ type: 'StockCommitted' }], revision: 3n });
    expect(await types()).toEqual(['StockReceived', 'StockReserved', 'StockReserved', 'StockCommitted']);
  });

  it('is rejected by the current state, or returns its revision if it has no effect', async () => {
    const { handler } = await behind();

    const [, rejected, nothing] = await Promise.all([
      handler.handle(again),
      thrown(handler.handle(adjust(-5, 'c4'))),
      handler.handle(adjust(0, 'c5')),
    ]);

    expect(rejected).toBeInstanceOf(StockBelowReserved);
    expect(rejected).toMatchObject({ data: { reserved: 6 } });
    expect(nothing).toMatchObject({ events: [], revision: 2n });
  });

  it('fails if the stream cannot be read, while the other command succeeds', async () => {
    const { handler, store } = await behind();
    const read = store.read;
    store.read = () => {
      throw new EventStoreUnavailable('for a while');
    };

    const [repeated, rejected] = await Promise.all([
      handler.handle(again),
      thrown(handler.handle(commit('order-2', 'c4'))),
    ]);

    store.read = read;
    expect(repeated.revision).toBe(1n);
    expect(rejected).toBeInstanceOf(EventStoreUnavailable);
  });
});
