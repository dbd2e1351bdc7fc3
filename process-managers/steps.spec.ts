import { describe, expect, it } from 'vitest';
import { NotFound } from '../domain/kernel/domain-error.ts';
import { customerId, productId } from '../domain/kernel/ids.ts';
import { orderDecider } from '../domain/order/decider.ts';
import { OrderAlreadyShipped } from '../domain/order/errors.ts';
import { performStep } from './steps.ts';
import { ORDER, type Shop, shop } from './testing/shop.ts';

const cause = { id: 'an event' };
const tea = productId('tea');

const perform = (here: Shop, step: Parameters<typeof performStep>[2]) => {
  const order = { orderId: ORDER, customerId: customerId('ann'), orderPosition: '10423' };
  return performStep({ handler: here.direct }, order, step, cause);
};

describe('a reservation', () => {
  it('answers that it holds, again and again', async () => {
    const here = shop();
    await here.stock('tea', 5);
    for (let time = 0; time < 2; time += 1)
      expect(await perform(here, { do: 'reserve-stock', productId: tea, quantity: 5 })).toEqual({
        productId: 'tea',
        held: true,
      });
    expect(await here.typesOf('inventory-tea')).toEqual(['StockReceived', 'StockReserved']);
  });

  it('that was short answers what was free when it was refused, also when there is more by now', async () => {
    const here = shop();
    await here.stock('tea', 5);
    const short = { productId: 'tea', held: false, requested: 6, available: 5 };
    expect(await perform(here, { do: 'reserve-stock', productId: tea, quantity: 6 })).toEqual(short);
    await here.stock('tea', 5);
    expect(await perform(here, { do: 'reserve-stock', productId: tea, quantity: 6 })).toEqual(short);
  });
});

describe('a step that is refused', () => {
  it.each([{ do: 'confirm-order' }, { do: 'reject-order', reason: 'out of stock' }] as const)(
    'is answered when the order was cancelled first: $do',
    async (step) => {
      const here = shop();
      await here.place({ tea: 1 });
      await here.cancel();
      expect(await perform(here, step)).toBeUndefined();
    },
  );

  it('is answered when the order was rejected first: cancel-order', async () => {
    const here = shop();
    await here.place({ tea: 1 });
    await here.send('order-o-1', orderDecider, { type: 'RejectOrder', reason: 'out of stock' });
    expect(await perform(here, { do: 'cancel-order', cancelledBy: 'ann' })).toBeUndefined();
  });

  it('for any other reason is a story gone wrong, and thrown', async () => {
    const here = shop();
    await expect(perform(here, { do: 'confirm-order' })).rejects.toThrow(NotFound);
    await here.place({ tea: 1 });
    await perform(here, { do: 'mark-order-shipped', carrier: 'C', trackingNumber: 'T' });
    const rejection = perform(here, { do: 'reject-order', reason: 'out of stock' });
    await expect(rejection).rejects.toThrow(OrderAlreadyShipped);
  });
});
