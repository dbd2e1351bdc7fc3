import { expect, it } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { autoCarrier, manualCarrier } from './carrier.ts';

it('the automatic carrier gives each order one number, and always the same', async () => {
  const first = await autoCarrier.dispatch({ orderId: orderId('o-1'), customerId: customerId('ann') });
  expect(first).toEqual({
    outcome: 'dispatched',
    carrier: 'Stream Parcels',
    trackingNumber: expect.stringMatching(/^SP[0-9A-F]{16}$/),
  });
  expect(await autoCarrier.dispatch({ orderId: orderId('o-1'), customerId: customerId('ann') })).toEqual(
    first,
  );
  expect(await autoCarrier.dispatch({ orderId: orderId('o-2'), customerId: customerId('ann') })).not.toEqual(
    first,
  );
});

it('the manual carrier leaves it to an operator', async () => {
  expect(await manualCarrier.dispatch({ orderId: orderId('o-1'), customerId: customerId('ann') })).toEqual({
    outcome: 'by-operator',
  });
});
