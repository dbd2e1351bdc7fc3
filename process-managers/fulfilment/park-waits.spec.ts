import { describe, expect, it, vi } from 'vitest';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { MAX_OPEN_ATTEMPTS } from '../../domain/parking/attempts.ts';
import { waitItem } from '../../event-catalogue/parked-items.ts';
import { attemptsStream } from '../../event-catalogue/streams.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { MAX_UNGUARDED_ATTEMPTS } from '../engine/parking/park-failed-calls.ts';
import { createParking } from '../engine/parking/parking.ts';
import { deliverLast, runToRest } from './testing/deliveries.ts';
import { createShop, ORDER, type Shop } from './testing/shop.ts';

/** Creates an order whose payment has an unknown outcome; the provider responds to `settle` as given. */
async function settling(settle: PaymentProvider['settle']) {
  const settleCall = vi.fn(settle);
  const provider = simulatedPayments();
  const payments = { ...provider, settle: settleCall };
  const shop = createShop({ payments, policy: { paymentGiveUpMs: 1 } });
  await shop.stock('tea', 1);
  await shop.place({ tea: 1 }, 'tok_down');
  const process = shop.startProcess();
  await runToRest(shop, process);
  const parked = () => createParking(shop.direct, shop.clock).list();
  /** Number of attempts that were recorded before their calls. */
  const recorded = async () =>
    (await shop.typesOf(attemptsStream(waitItem(ORDER, 'settlement').itemId))).filter(
      (type) => type === 'AttemptRecorded',
    ).length;
  return { shop, process, provider, settleCall, parked, recorded };
}

const unknown = async () => ({ outcome: 'unknown', reason: 'no response' }) as const;
/** The call of a process that crashes: it never ends. */
const never = () => new Promise<never>(() => {});

/** A command handler that cannot write to one stream. */
const failingAt = (handler: CommandHandler, stream: string): CommandHandler => ({
  ...handler,
  handle: (request) =>
    request.stream === stream
      ? Promise.reject(new EventStoreUnavailable('planned'))
      : handler.handle(request),
});

const DEFECT = { reason: 'permanent-error', detail: 'a defect' } as const;
const CRASHES = MAX_UNGUARDED_ATTEMPTS + MAX_OPEN_ATTEMPTS;

/** Lets the next timeouts elapse, each in a process that crashes during the call. */
async function crash(
  shop: Shop,
  settleCall: { readonly mock: { readonly calls: unknown[] } },
  times: number,
) {
  for (let crashes = 0; crashes < times; crashes += 1) {
    const before = settleCall.mock.calls.length;
    await shop.startProcess().timeoutElapsed(ORDER, (await shop.untilDue()) ?? '');
    await expect.poll(() => settleCall.mock.calls.length).toBe(before + 1);
  }
}

/** Lets the next timeout elapse in a process that does not crash. */
async function survive(shop: Shop) {
  const process = shop.startProcess();
  await process.timeoutElapsed(ORDER, (await shop.untilDue()) ?? '');
  await process.calls.idle();
}

describe('a wait of an order for a result from outside', () => {
  it('is never parked while its attempts end, and a process whose attempt ended does not record the next one', async () => {
    const { shop, process, settleCall, parked, recorded } = await settling(unknown);
    await runToRest(shop, process, { timeouts: 40 });
    expect(settleCall.mock.calls.length).toBeGreaterThanOrEqual(39);
    expect(await parked()).toEqual([]);
    expect(await recorded()).toBe(1);
  });

  it('is parked after six crashes, and its call is not made again', async () => {
    const { shop, settleCall, parked } = await settling(never);
    await crash(shop, settleCall, CRASHES);
    await survive(shop);
    expect(settleCall).toHaveBeenCalledTimes(6);
    expect(await parked()).toMatchObject([
      {
        subject: { kind: 'deadline', type: 'settlement', orderId: ORDER },
        reason: 'worker-crashed',
        status: 'parked',
      },
    ]);
    expect(await shop.untilDue()).toBeUndefined();
  });

  it('continues when an operator replays it after the defect is fixed', async () => {
    const { shop, provider, settleCall, parked } = await settling(never);
    await crash(shop, settleCall, CRASHES);
    await survive(shop);
    expect(await parked()).toHaveLength(1);
    settleCall.mockImplementation(provider.settle);
    const process = shop.startProcess();
    await process.resumeWait(ORDER, 'settlement');
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'rejected', stock: { tea: [1, 0] } });
    expect(await parked()).toEqual([]);
  });

  it('is not parked when processes crash, as long as some attempts end', async () => {
    const { shop, settleCall, parked } = await settling(never);
    for (let round = 0; round < 5; round += 1) {
      await crash(shop, settleCall, MAX_OPEN_ATTEMPTS - 1);
      settleCall.mockImplementationOnce(unknown);
      await survive(shop);
    }
    expect(await parked()).toEqual([]);
  });

  it('is parked again when its item was resolved too early, but not when the order has another wait', async () => {
    const { shop, parked } = await settling(unknown);
    const parking = createParking(shop.direct, shop.clock);
    const meanwhile = vi.fn(async () => {});
    const { parkWait } = shop.startProcess(shop.ownHandler(), {
      parking: {
        ...parking,
        park: async (item, why) => {
          const isNew = await parking.park(item, why);
          await meanwhile();
          return isNew;
        },
      },
    });
    await shop.startProcess().timeoutElapsed(ORDER, (await shop.untilDue()) ?? '');
    meanwhile.mockImplementationOnce(() => parking.resolve(waitItem(ORDER, 'settlement').itemId));
    await parkWait(ORDER, 'settlement', DEFECT, { id: 'c' });
    expect(await parked()).toHaveLength(1);
    await parkWait(ORDER, 'payment', DEFECT, { id: 'c' });
    expect(await parked()).toMatchObject([{ subject: { type: 'settlement' } }]);
  });

  it('is parked again after an outage, when its item was resolved too early', async () => {
    const { shop, parked } = await settling(unknown);
    const parking = createParking(shop.direct, shop.clock);
    const park = vi.fn(parking.park);
    const { parkWait } = shop.startProcess(shop.ownHandler(), { parking: { ...parking, park } });
    await shop.startProcess().timeoutElapsed(ORDER, (await shop.untilDue()) ?? '');
    park.mockImplementationOnce(async (item, why) => {
      const isNew = await parking.park(item, why);
      await parking.resolve(item.itemId);
      park.mockRejectedValueOnce(new EventStoreUnavailable('planned'));
      return isNew;
    });
    await parkWait(ORDER, 'settlement', DEFECT, { id: 'c' });
    expect(await parked()).toHaveLength(1);
  });

  it('sends commands that failed meanwhile when it is resumed', async () => {
    const { shop, settleCall, provider, parked } = await settling(async () => {
      throw new TypeError('a defect');
    });
    const process = shop.startProcess();
    await process.timeoutElapsed(ORDER, (await shop.untilDue()) ?? '');
    await process.calls.idle();
    expect(await parked()).toHaveLength(1);
    await shop.cancelShipment();
    const failing = shop.startProcess(failingAt(shop.ownHandler(), 'order-o-1'));
    await expect(deliverLast(shop, failing)).rejects.toThrow('planned');

    settleCall.mockImplementation(provider.settle);
    const next = shop.startProcess();
    await next.resumeWait(ORDER, 'settlement');
    await runToRest(shop, next);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [1, 0] } });
    expect(await shop.isCompleted()).toBe(true);
    expect(await parked()).toEqual([]);
  });
});
