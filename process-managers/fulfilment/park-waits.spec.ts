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
import { deliverLast, ORDER, runToRest, type Shop, shop } from './testing/shop.ts';

/** An order whose payment has an unknown outcome, until the provider answers `settle` as given. */
async function settling(settle: PaymentProvider['settle']) {
  const asked = vi.fn(settle);
  const provider = simulatedPayments();
  const payments = { ...provider, settle: asked };
  const here = shop({ payments, policy: { paymentGiveUpMs: 1 } });
  await here.stock('tea', 1);
  await here.place({ tea: 1 }, 'tok_down');
  const process = here.startProcess();
  await runToRest(here, process);
  const parked = () => createParking(here.direct, here.clock).list();
  /** Number of attempts that were recorded before their calls. */
  const recorded = async () =>
    (await here.typesOf(attemptsStream(waitItem(ORDER, 'settlement').itemId))).filter(
      (type) => type === 'AttemptRecorded',
    ).length;
  return { here, process, provider, asked, parked, recorded };
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
async function crash(here: Shop, asked: { readonly mock: { readonly calls: unknown[] } }, times: number) {
  for (let crashes = 0; crashes < times; crashes += 1) {
    const before = asked.mock.calls.length;
    await here.startProcess().timeoutElapsed(ORDER, (await here.untilDue()) ?? '');
    await expect.poll(() => asked.mock.calls.length).toBe(before + 1);
  }
}

/** Lets the next timeout elapse in a process that does not crash. */
async function survive(here: Shop) {
  const process = here.startProcess();
  await process.timeoutElapsed(ORDER, (await here.untilDue()) ?? '');
  await process.calls.idle();
}

describe('a wait', () => {
  it('is never parked while its attempts end; the process that ended one does not record the next', async () => {
    const { here, process, asked, parked, recorded } = await settling(unknown);
    await runToRest(here, process, { timeouts: 40 });
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(39);
    expect(await parked()).toEqual([]);
    expect(await recorded()).toBe(1);
  });

  it('is parked after six crashes, and its call is not made again', async () => {
    const { here, asked, parked } = await settling(never);
    await crash(here, asked, CRASHES);
    await survive(here);
    expect(asked).toHaveBeenCalledTimes(6);
    expect(await parked()).toMatchObject([
      {
        subject: { kind: 'deadline', type: 'settlement', orderId: ORDER },
        reason: 'worker-crashed',
        status: 'parked',
      },
    ]);
    expect(await here.untilDue()).toBeUndefined();
  });

  it('continues when an operator replays it after the cause is gone', async () => {
    const { here, provider, asked, parked } = await settling(never);
    await crash(here, asked, CRASHES);
    await survive(here);
    expect(await parked()).toHaveLength(1);
    asked.mockImplementation(provider.settle);
    const process = here.startProcess();
    await process.resumeWait(ORDER, 'settlement');
    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({ order: 'rejected', stock: { tea: [1, 0] } });
    expect(await parked()).toEqual([]);
  });

  it('is not parked when processes crash, as long as some attempts end', async () => {
    const { here, asked, parked } = await settling(never);
    for (let round = 0; round < 5; round += 1) {
      await crash(here, asked, MAX_OPEN_ATTEMPTS - 1);
      asked.mockImplementationOnce(unknown);
      await survive(here);
    }
    expect(await parked()).toEqual([]);
  });

  it('is parked again when its item was resolved before its timeout ended, but not when the order waits for something else', async () => {
    const { here, parked } = await settling(unknown);
    const parking = createParking(here.direct, here.clock);
    const meanwhile = vi.fn(async () => {});
    const { parkWait } = here.startProcess(here.ownHandler(), {
      parking: {
        ...parking,
        park: async (item, why) => {
          const isNew = await parking.park(item, why);
          await meanwhile();
          return isNew;
        },
      },
    });
    await here.startProcess().timeoutElapsed(ORDER, (await here.untilDue()) ?? '');
    meanwhile.mockImplementationOnce(() => parking.resolve(waitItem(ORDER, 'settlement').itemId));
    await parkWait(ORDER, 'settlement', DEFECT, { id: 'c' });
    expect(await parked()).toHaveLength(1);
    await parkWait(ORDER, 'payment', DEFECT, { id: 'c' });
    expect(await parked()).toMatchObject([{ subject: { type: 'settlement' } }]);
  });

  it('sends commands that failed meanwhile when it is resumed', async () => {
    const { here, asked, provider, parked } = await settling(async () => {
      throw new TypeError('a defect');
    });
    const process = here.startProcess();
    await process.timeoutElapsed(ORDER, (await here.untilDue()) ?? '');
    await process.calls.idle();
    expect(await parked()).toHaveLength(1);
    await here.cancelShipment();
    const failing = here.startProcess(failingAt(here.ownHandler(), 'order-o-1'));
    await expect(deliverLast(here, failing)).rejects.toThrow('planned');

    asked.mockImplementation(provider.settle);
    const next = here.startProcess();
    await next.resumeWait(ORDER, 'settlement');
    await runToRest(here, next);
    expect(await here.books('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [1, 0] } });
    expect(await here.atRest()).toBe(true);
    expect(await parked()).toEqual([]);
  });
});
