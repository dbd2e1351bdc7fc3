import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { FulfilmentCommand } from '../../domain/fulfilment/commands.ts';
import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { reservationOf } from '../../domain/inventory/state.ts';
import { NotFound } from '../../domain/kernel/domain-error.ts';
import { customerId, productId } from '../../domain/kernel/ids.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { OrderAlreadyShipped } from '../../domain/order/errors.ts';
import { autoCarrier } from '../../integrations/carrier/carrier.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createCommandSender } from '../engine/commands.ts';
import { fulfilment } from './fulfilment.ts';
import { createShop, ORDER, type Shop } from './testing/shop.ts';

const ofOrder = { orderId: ORDER, customerId: customerId('ann'), orderPosition: '10423' };
const toOrder = (command: Extract<FulfilmentCommand, { to: 'order' }>['command']): FulfilmentCommand => ({
  to: 'order',
  id: ORDER,
  command,
  accepts: 'order-already-closed',
});

function send({ direct: handler, clock }: Shop, command: FulfilmentCommand) {
  const definition = fulfilment({
    policy: fulfilmentPolicy,
    payments: simulatedPayments(),
    carrier: autoCarrier(),
    handler,
    clock,
  });
  const sender = createCommandSender(definition, { handler, limit: pLimit(1) });
  return sender.sendAll([command], ORDER, { id: 'an event' });
}

/** Sends a reservation of tea and returns what its result says of it. */
async function reserve(shop: Shop, quantity: number) {
  const { orderId, orderPosition } = ofOrder;
  const reservation = { productId: productId('tea'), orderId, orderPosition, quantity };
  const command = { type: 'ReserveStock', ...reservation } as const;
  const results = await send(shop, { to: 'inventory', id: productId('tea'), command });
  return results.map((result) => [result.productId, reservationOf(result.stock, reservation)]);
}

describe('the result of a reservation', () => {
  it('states the reserved units, also when the command is repeated', async () => {
    const shop = createShop();
    await shop.stock('tea', 5);
    for (let time = 0; time < 2; time += 1) expect(await reserve(shop, 5)).toEqual([['tea', { held: true }]]);
    expect(await shop.typesOf('inventory-tea')).toEqual(['StockReceived', 'StockReserved']);
  });

  it('states the available units at the time of the rejection, also when more have arrived since', async () => {
    const shop = createShop();
    const short = [['tea', expect.objectContaining({ held: false, requested: 6, available: 5 })]];
    await shop.stock('tea', 5);
    expect(await reserve(shop, 6)).toEqual(short);
    await shop.stock('tea', 5);
    expect(await reserve(shop, 6)).toEqual(short);
  });
});

describe('a command that the order rejects', () => {
  it.each([{ type: 'ConfirmOrder' }, { type: 'RejectOrder', reason: 'out of stock' }] as const)(
    'counts as done when the order was cancelled first: $type',
    async (command) => {
      const shop = createShop();
      await shop.place({ tea: 1 });
      await shop.cancel();
      expect(await send(shop, toOrder(command))).toEqual([]);
    },
  );

  it('counts as done when the order was rejected first: CancelOrder', async () => {
    const shop = createShop();
    await shop.place({ tea: 1 });
    await shop.send('order-o-1', orderDecider, { type: 'RejectOrder', reason: 'out of stock' });
    expect(await send(shop, toOrder({ type: 'CancelOrder', cancelledBy: 'ann' }))).toEqual([]);
  });

  it('throws the rejection when the order does not exist or was shipped', async () => {
    const shop = createShop();
    await expect(send(shop, toOrder({ type: 'ConfirmOrder' }))).rejects.toThrow(NotFound);
    await shop.place({ tea: 1 });
    const shipped = { type: 'MarkOrderShipped', carrier: 'C', trackingNumber: 'T' } as const;
    await send(shop, { to: 'order', id: ORDER, command: shipped });
    const rejection = send(shop, toOrder({ type: 'RejectOrder', reason: 'out of stock' }));
    await expect(rejection).rejects.toThrow(OrderAlreadyShipped);
  });
});
