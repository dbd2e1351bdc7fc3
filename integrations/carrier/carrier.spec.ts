import { expect, it } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { autoCarrier, manualCarrier } from './carrier.ts';

const order = (id: string) => ({ orderId: orderId(id), customerId: customerId('ann') });
const parcel = { carrier: 'Stream Parcels', trackingNumber: expect.stringMatching(/^SP[0-9A-F]{16}$/) };

it('the automatic carrier always returns the same tracking number for an order', async () => {
  const first = await autoCarrier().dispatch(order('o-1'));
  expect(first).toEqual({ outcome: 'dispatched', ...parcel });
  expect(await autoCarrier().dispatch(order('o-1'))).toEqual(first);
  expect(await autoCarrier().dispatch(order('o-2'))).not.toEqual(first);
});

it('the automatic carrier returns a parcel that it took', async () => {
  const carrier = autoCarrier();
  const { outcome: _, ...taken } = await carrier.dispatch(order('o-1'));
  expect(await carrier.recall(order('o-1'))).toEqual({ outcome: 'returning', ...taken });
});

it('the automatic carrier takes no parcel for a recalled order', async () => {
  const carrier = autoCarrier();
  expect(await carrier.recall(order('o-1'))).toEqual({ outcome: 'nothing-taken' });
  expect(await carrier.dispatch(order('o-1'))).toEqual({ outcome: 'recalled' });
  expect(await carrier.dispatch(order('o-2'))).toMatchObject({ outcome: 'dispatched' });
});

it('the automatic carrier remembers only the last orders', async () => {
  const carrier = autoCarrier({ remembered: 1 });
  await carrier.recall(order('o-1'));
  await carrier.dispatch(order('o-2'));
  expect(await carrier.dispatch(order('o-1'))).toMatchObject({ outcome: 'dispatched' });
});

it('the manual carrier leaves the dispatch to an operator, and takes no parcel', async () => {
  expect(await manualCarrier.dispatch(order('o-1'))).toEqual({ outcome: 'by-operator' });
  expect(await manualCarrier.recall(order('o-1'))).toEqual({ outcome: 'nothing-taken' });
});
