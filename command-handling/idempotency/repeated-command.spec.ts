import { describe, expect, it } from 'vitest';
import { levels } from '../../domain/inventory/state.ts';
import { KeyReused } from '../errors.ts';
import { receive } from '../testing/sample-commands.ts';
import { setUp, thrown } from '../testing/two-handlers.ts';

describe('a command with an idempotency key', () => {
  it('is found by its command id and not executed again', async () => {
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

  it('is found when it is sent again after a lost response', async () => {
    const { handler, store, commands } = setUp();
    store.failNextAppend('answer-lost');
    await thrown(handler.handle(receive(2, 'c1', { lookFrom: 0n })));

    const again = await handler.handle(receive(2, 'c1', { lookFrom: 0n }));

    expect(again.revision).toBe(0n);
    expect(await commands()).toEqual(['c1']);
  });

  it('is found if another process has executed its duplicate first', async () => {
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

  it('is executed once if its duplicate is in the same batch', async () => {
    const { handler, commands } = setUp();

    const [first, second] = await Promise.all([
      handler.handle(receive(2, 'c1', { lookFrom: 0n, presumeNew: true })),
      handler.handle(receive(2, 'c1', { lookFrom: 0n, presumeNew: true })),
    ]);

    expect(second).toEqual(first);
    expect(await commands()).toEqual(['c1']);
  });

  it('is found although its own events have made its If-Match stale', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(1, 'c0'));
    await handler.handle(receive(2, 'c1', { lookFrom: 1n, ifMatch: [0n] }));

    const again = await other.handle(receive(2, 'c1', { lookFrom: 1n, ifMatch: [0n] }));

    expect(again.revision).toBe(1n);
  });

  it('is rejected if it was executed with another fingerprint', async () => {
    const { handler } = setUp();
    const keyed = (quantity: number, fingerprint: string) => {
      const request = receive(quantity, 'c1', { lookFrom: 0n, presumeNew: true });
      return { ...request, context: { ...request.context, fingerprint } };
    };
    await handler.handle(keyed(1, 'one'));

    expect(await thrown(handler.handle(keyed(2, 'two')))).toBeInstanceOf(KeyReused);
    expect((await handler.handle(keyed(1, 'one'))).revision).toBe(0n);
  });

  it('needs no read while the stream has no events from lookFrom on', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c0'));

    await handler.handle(receive(2, 'c1', { lookFrom: 1n }));

    expect(store.calls).toEqual({ appends: 2, reads: 1 });
  });
});
