import { describe, expect, it } from 'vitest';
import { levels } from '../../domain/inventory/state.ts';
import { createCommandHandler } from '../create-command-handler.ts';
import { adjust, open, receive, reserve } from '../testing/sample-commands.ts';
import { setUp, thrown } from '../testing/two-handlers.ts';

describe('a command in conflict with another writer', () => {
  it('is decided again on the events of the other writer', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(10, 'c1'));
    await other.handle(reserve('order-1', 8, 'c2'));

    const result = await handler.handle(reserve('order-2', 5, 'c3'));

    expect(result.events[0]).toMatchObject({ type: 'StockReservationRefused', data: { available: 2 } });
    expect(result.revision).toBe(2n);
  });

  it('is not rejected because of a stale state', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(1, 'c1'));
    await other.handle(receive(10, 'c2'));

    const result = await handler.handle(adjust(-5, 'c3'));

    expect(levels(result.state).onHand).toBe(6);
  });

  it('has no effect if the other writer has done the same', async () => {
    const { handler, other, types } = setUp();
    await handler.handle(adjust(0, 'c1'));
    await other.handle(open(10, 'c2'));

    const result = await handler.handle(open(10, 'c3'));

    expect(result).toMatchObject({ events: [], revision: 0n });
    expect(await types()).toEqual(['StockOpened']);
  });

  it('fails after the maximum number of conflicts; the next command succeeds', async () => {
    const { handler, store, otherStore } = setUp({ attempts: 3 });
    const other = createCommandHandler({ store: otherStore });
    let count = 0;
    store.beforeAppend = async () => {
      count += 1;
      await other.handle(receive(1, `other-${count}`));
    };

    const error = await thrown(handler.handle(receive(1, 'c1')));

    expect(error).toMatchObject({
      name: 'ConcurrencyConflict',
      message: expect.stringContaining('3 attempts'),
    });
    store.beforeAppend = undefined;
    expect((await handler.handle(receive(1, 'c2'))).revision).toBe(3n);
  });
});
