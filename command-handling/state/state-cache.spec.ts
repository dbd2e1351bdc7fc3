import { describe, expect, it } from 'vitest';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import type { CommandHandler } from '../command-handler.ts';
import { createCommandHandler } from '../create-command-handler.ts';
import { context, receive, reserve } from '../testing/sample-commands.ts';
import { setUp } from '../testing/two-handlers.ts';
import type { AnyDecider } from './folded.ts';

describe('the state cache', () => {
  const handlerOf = (cachedWeight: number) =>
    createCommandHandler({ store: createInMemoryEventStore({ catalogue }), limits: { cachedWeight } });
  const kept = (handler: CommandHandler, streams: readonly string[], decider: AnyDecider) =>
    streams.filter((stream) => handler.cachedState({ stream, decider }) !== undefined).length;

  it('is limited by the entries of its states, not only by their number', async () => {
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

  it('counts each reservation of a product', async () => {
    const handler = handlerOf(1_000);
    const streams = ['inventory-1', 'inventory-2', 'inventory-3'];
    for (const stream of streams) {
      const orders = Array.from({ length: 400 }, (_, n) => reserve(`${n}`, 1, `${stream}-${n}`, { stream }));
      await handler.handle(receive(400, stream, { stream }));
      await Promise.all(orders.map((order) => handler.handle(order)));
    }

    expect(kept(handler, streams, inventoryDecider as unknown as AnyDecider)).toBe(2);
  });

  it('counts long texts as several entries', async () => {
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

describe('the state of a stream with many events', () => {
  it('is cached, since only its entries count', async () => {
    const { handler, store } = setUp({ cachedWeight: 10 });
    for (let index = 0; index < 20; index++) await handler.handle(receive(1, `c${index}`));

    expect(store.calls).toEqual({ appends: 20, reads: 1 });
  });
});
