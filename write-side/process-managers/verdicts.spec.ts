import { describe, expect, it } from 'vitest';
import { orderId } from '../../domain/kernel/ids.ts';
import { ShipmentAlreadyCancelled } from '../../domain/shipment/refusals.ts';
import {
  AppendOutcomeUnknown,
  EventStoreAway,
  NewerEventVersion,
  WrongRevision,
} from '../../event-store/errors.ts';
import { silent } from '../../event-store/logger.ts';
import { Contended, QueueFull } from '../commands/errors.ts';
import { deliveryHandler, RETRIES } from './delivery-handler.ts';
import { ORDER, shop } from './testing/shop.ts';

/** The verdict on a delivery whose handling throws. */
async function verdictAfter(error: unknown, retryCount = 0) {
  const here = shop();
  await here.place({ tea: 1 });
  const [recorded] = await here.heard();
  if (recorded === undefined) throw new RangeError('nothing was placed');
  const handle = () => (error === undefined ? Promise.resolve() : Promise.reject(error));
  return deliveryHandler({ name: 'test', handle, logger: silent })({ recorded, retryCount });
}

const at = { type: 'OrderPlaced', stream: 'order-o-1', revision: 0n };

describe('a delivery', () => {
  it('that was handled is acknowledged', async () => {
    expect(await verdictAfter(undefined)).toEqual({ verdict: 'ack' });
  });

  it.each([
    new EventStoreAway('nobody answers'),
    new AppendOutcomeUnknown('order-o-1', undefined),
    new WrongRevision('order-o-1', 3n, 4n),
    new Contended('order-o-1', 10),
    new QueueFull('order-o-1', 1_000),
  ])('that meets a passing fault comes again, with its reason: $name', async (error) => {
    expect(await verdictAfter(error)).toEqual({
      verdict: 'retry',
      reason: `${error.name}: ${error.message}`,
    });
  });

  it('whose passing fault keeps coming is set aside', async () => {
    const error = new QueueFull('order-o-1', 1_000);
    expect(await verdictAfter(error, RETRIES - 1)).toMatchObject({ verdict: 'retry' });
    expect(await verdictAfter(error, RETRIES)).toEqual({
      verdict: 'park',
      reason: 'still failing after 10 retries: QueueFull: 1000 commands wait already for order-o-1',
    });
  });

  it.each([
    new TypeError('cannot read properties of undefined'),
    new NewerEventVersion(at, 2, 1),
    new ShipmentAlreadyCancelled(orderId(ORDER)),
  ])('that no retry can mend is set aside at once: $name', async (error) => {
    expect(await verdictAfter(error)).toEqual({ verdict: 'park', reason: `${error.name}: ${error.message}` });
  });

  it('for which something was thrown that is no error is set aside', async () => {
    expect(await verdictAfter('oops')).toEqual({ verdict: 'park', reason: 'something was thrown: oops' });
  });
});
