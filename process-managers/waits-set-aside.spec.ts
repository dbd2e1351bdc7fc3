import { describe, expect, it, vi } from 'vitest';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import { MOST_UNENDED } from '../domain/fulfilment/waits.ts';
import { EventStoreAway } from '../event-store/errors.ts';
import { silent } from '../event-store/logger.ts';
import type { PaymentProvider } from '../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../integrations/payments/simulated-payments.ts';
import { parking as parkingOf, waitStep } from './parked/parked-steps.ts';
import { deliverLast, ORDER, runToRest, shop } from './testing/shop.ts';
import { settingWaitsAside } from './waits-set-aside.ts';

/** An order whose payment stays unknown: nobody but the provider, as told, says what became of it. */
async function settling(settle: PaymentProvider['settle']) {
  const asked = vi.fn(settle);
  const provider = simulatedPayments();
  const payments = { ...provider, settle: asked };
  const here = shop({ payments, policy: { paymentGiveUpMs: 1 } });
  await here.stock('tea', 1);
  await here.place({ tea: 1 }, 'tok_down');
  const process = here.startProcess();
  await runToRest(here, process);
  const parked = () => parkingOf(here.direct, here.clock).list();
  const ends = async () =>
    (await here.typesOf('fulfilment-o-1')).filter((type) => type === 'AttemptEnded').length;
  return { here, process, provider, asked, parked, ends };
}

const unknown = async () => ({ outcome: 'unknown', reason: 'away' }) as const;
/** A process that dies of a call, and all that it would have done with it. */
const never = () => new Promise<never>(() => {});

/** One that cannot write to a stream. */
const failingAt = (handler: CommandHandler, stream: string): CommandHandler => ({
  ...handler,
  handle: (request) =>
    request.stream === stream ? Promise.reject(new EventStoreAway('planned')) : handler.handle(request),
});

describe('a wait', () => {
  it('is never set aside while its attempts end, of which every third end is noted', async () => {
    const { here, process, asked, parked, ends } = await settling(unknown);
    await runToRest(here, process, { deadlines: 40 });
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(39);
    expect(await parked()).toEqual([]);
    expect(await ends()).toBeLessThanOrEqual(asked.mock.calls.length / 3);
  });

  it('whose attempts end whoever makes them is set aside after some, and nobody dies of it any more', async () => {
    const { here, asked, parked } = await settling(never);
    for (let deaths = 0; deaths < 2 * MOST_UNENDED + 3; deaths += 1) {
      const mortal = here.startProcess();
      const deadlineId = await here.untilDue();
      if (deadlineId === undefined) break;
      await mortal.runner.fire(ORDER, deadlineId);
    }
    // The first so many may have been those of an older version, which noted no ends.
    expect(asked).toHaveBeenCalledTimes(2 * MOST_UNENDED);
    expect(await parked()).toMatchObject([
      { subject: { kind: 'deadline', type: 'settlement', orderId: ORDER }, status: 'parked' },
    ]);
    expect(await here.untilDue()).toBeUndefined();
  });

  it('that an operator resumes is carried on with once the cause is gone', async () => {
    const { here, provider, asked, parked } = await settling(never);
    for (let deaths = 0; deaths <= 2 * MOST_UNENDED + 1; deaths += 1)
      await here.startProcess().runner.fire(ORDER, (await here.untilDue()) ?? '');
    expect(await parked()).toHaveLength(1);
    asked.mockImplementation(provider.settle);
    const process = here.startProcess();
    await process.runner.resumeWait(ORDER);
    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({ order: 'rejected', stock: { tea: [1, 0] } });
    expect(await parked()).toEqual([]);
  });

  it('survives the death of processes that merely had it in hand, where others bring it to an end', async () => {
    const { here, asked, parked } = await settling(never);
    for (let round = 0; round < 5; round += 1) {
      for (let deaths = 0; deaths < MOST_UNENDED - 2; deaths += 1)
        await here.startProcess().runner.fire(ORDER, (await here.untilDue()) ?? '');
      asked.mockImplementationOnce(unknown);
      const process = here.startProcess();
      await process.runner.fire(ORDER, (await here.untilDue()) ?? '');
      await process.calls.idle();
    }
    expect(await parked()).toEqual([]);
  });

  it('that is replayed between its listing and its end is listed again; one got past meanwhile is not', async () => {
    const { here, parked } = await settling(unknown);
    const parking = parkingOf(here.direct, here.clock);
    const handler = here.ownHandler();
    const meanwhile = vi.fn(async () => {});
    const setAside = settingWaitsAside({
      parking: {
        ...parking,
        park: async (step, reason) => {
          await parking.park(step, reason);
          await meanwhile();
        },
      },
      handler,
      decider: here.decider,
      clock: here.clock,
      logger: silent,
    });
    await here.startProcess().runner.fire(ORDER, (await here.untilDue()) ?? '');
    meanwhile.mockImplementationOnce(() => parking.replayed(waitStep(ORDER, 'settlement').stepId));
    await setAside(ORDER, 'settlement', 'a defect', { id: 'c' });
    expect(await parked()).toHaveLength(1);
    await setAside(ORDER, 'payment', 'a defect', { id: 'c' });
    expect(await parked()).toMatchObject([{ subject: { type: 'settlement' } }]);
  });

  it('that is resumed before steps that failed meanwhile were sent again has them sent', async () => {
    const { here, asked, provider, parked } = await settling(async () => {
      throw new TypeError('a defect');
    });
    const process = here.startProcess();
    await process.runner.fire(ORDER, (await here.untilDue()) ?? '');
    await process.calls.idle();
    expect(await parked()).toHaveLength(1);
    await here.cancelShipment();
    const failing = here.startProcess(failingAt(here.ownHandler(), 'order-o-1'));
    await expect(deliverLast(here, failing)).rejects.toThrow('planned');

    asked.mockImplementation(provider.settle);
    const next = here.startProcess();
    await next.runner.resumeWait(ORDER);
    await runToRest(here, next);
    expect(await here.books('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [1, 0] } });
    expect(await here.atRest()).toBe(true);
    expect(await parked()).toEqual([]);
  });
});
