import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaitKind } from '../../domain/fulfilment/events.ts';
import { autoCarrier, type Carrier, manualCarrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createParking } from '../engine/parking/parking.ts';
import { deliverLast, runToRest } from './testing/deliveries.ts';
import { createShop, ORDER, type Process, type Shop } from './testing/shop.ts';

const to = fc.constantFrom(0 as const, 1 as const);
/** One step of a test run; steps occur in any order and repeatedly. */
const anyStep = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('deliver' as const), which: fc.nat(30), to }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('timeout' as const), to }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom('resume', 'run to rest'),
      waitingFor: fc.constantFrom(...WaitKind.options),
      to,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom(
        'cancel',
        'cancel the shipment only',
        'dispatch',
        'deliver the parcel',
        'refund',
        'late capture',
        'crash',
      ),
    }),
  },
);

type Step = typeof anyStep extends fc.Arbitrary<infer Next> ? Next : never;

async function perform(shop: Shop, processes: [Process, Process], next: Step): Promise<void> {
  switch (next.what) {
    case 'deliver': {
      const events = await shop.events();
      const recorded = events[next.which % events.length];
      if (recorded !== undefined) await processes[next.to].handle(recorded);
      return;
    }
    case 'timeout': {
      const id = await shop.untilDue();
      if (id !== undefined) await processes[next.to].timeoutElapsed(ORDER, id);
      return;
    }
    case 'resume':
      await processes[next.to].resumeWait(ORDER, next.waitingFor);
      return;
    case 'run to rest':
      return runToRest(shop, processes[next.to], { timeouts: 12 });
    case 'crash':
      await processes[0].calls.stop(0);
      processes[0] = shop.startProcess();
      return;
    default: {
      const actions = {
        cancel: shop.cancel,
        'cancel the shipment only': shop.cancelShipment,
        dispatch: shop.dispatch,
        'deliver the parcel': shop.deliver,
        refund: shop.requestRefund,
        'late capture': shop.recordCapture,
      };
      // A rejection concerns only the caller.
      await actions[next.what]().catch(() => undefined);
    }
  }
}

/** How many calls of each kind fail with a defect; infinite until `repair`. */
type Defects = Readonly<Record<'capture' | 'settle' | 'refund' | 'dispatch' | 'recall', number>>;

/** Returns a provider that refuses the first refunds, and adapters with defects. `repair` ends both. */
function faultyAdapters(refusals: number, defects: Defects, carrier: Carrier) {
  const provider = simulatedPayments();
  let left = refusals;
  const failures = { ...defects };
  const defect = (kind: keyof Defects): void => {
    failures[kind] -= 1;
    if (failures[kind] >= 0) throw new TypeError('a defect');
  };
  const payments: PaymentProvider = {
    ...provider,
    capture: async (...asked) => {
      defect('capture');
      return provider.capture(...asked);
    },
    settle: async (...asked) => {
      defect('settle');
      return provider.settle(...asked);
    },
    refund: async (...asked) => {
      defect('refund');
      left -= 1;
      return left >= 0 ? { outcome: 'refused', reason: 'not now' } : provider.refund(...asked);
    },
  };
  const faultyCarrier: Carrier = {
    dispatch: async (...asked) => {
      defect('dispatch');
      return carrier.dispatch(...asked);
    },
    recall: async (...asked) => {
      defect('recall');
      return carrier.recall(...asked);
    },
  };
  const repair = () => {
    left = 0;
    for (const kind of ['capture', 'settle', 'refund', 'dispatch', 'recall'] as const) failures[kind] = 0;
  };
  return { payments, carrier: faultyCarrier, repair };
}

/** Returns the inconsistencies of a completed order of 4 tea and 2 mugs, with 9 of each in stock before. */
function inconsistencies(
  { order, payment, shipment, stock }: Awaited<ReturnType<Shop['outcome']>>,
  short: boolean,
): string[] {
  const wrong: string[] = [];
  const left = order === 'shipped' || order === 'delivered';
  if (!left && !['rejected', 'cancelled'].includes(order)) wrong.push(`the order is ${order}`);
  if (
    (order === 'shipped') !== (shipment === 'dispatched') ||
    (order === 'delivered') !== (shipment === 'delivered')
  )
    wrong.push(`${order}, but its shipment is ${shipment}`);
  if (!left && ['captured', 'refund-requested', 'requested'].includes(payment))
    wrong.push(`${order}, but its payment is ${payment}`);
  if (left && !['captured', 'refunded'].includes(payment))
    wrong.push(`shipped, but its payment is ${payment}`);
  if (left && short) wrong.push('shipped although a product was out of stock');
  const expected = { tea: [left ? 5 : 9, 0], mug: [short ? 1 : left ? 7 : 9, 0] };
  if (JSON.stringify(stock) !== JSON.stringify(expected)) wrong.push(`stock is ${JSON.stringify(stock)}`);
  return wrong;
}

describe('an order that two processes handle, with any deliveries, timeouts, defects and crashes in any order', () => {
  it('completes, and its order, payment, shipment and stock are consistent', async () => {
    const defects = fc.constantFrom(0, 0, 1, Number.POSITIVE_INFINITY);
    const run = fc.record({
      token: fc.constantFrom('tok_ok', 'tok_declined', 'tok_flaky', 'tok_down'),
      short: fc.boolean(),
      manual: fc.boolean(),
      refusals: fc.constantFrom(0, 1, Number.POSITIVE_INFINITY),
      defects: fc.record({
        capture: defects,
        settle: defects,
        refund: defects,
        dispatch: defects,
        recall: defects,
      }),
      arrives: fc.boolean(),
      steps: fc.array(anyStep, { maxLength: 25, size: 'max' }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ token, short, manual, refusals, arrives, steps, ...run }) => {
        const { repair, ...outside } = faultyAdapters(
          refusals,
          run.defects,
          manual ? manualCarrier : autoCarrier(),
        );
        const shop = createShop({
          ...outside,
          policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 8_000 },
        });
        await shop.stock('tea', 9);
        await shop.stock('mug', short ? 1 : 9);
        await shop.place({ tea: 4, mug: 2 }, token);
        const processes: [Process, Process] = [shop.startProcess(), shop.startProcess()];
        for (const next of steps) await perform(shop, processes, next);

        await runToRest(shop, processes[1], { timeouts: 12 });
        if ((await shop.outcome()).shipment === 'requested') await shop.dispatch();
        await runToRest(shop, processes[1], { timeouts: 12 });
        if (arrives && (await shop.outcome()).shipment === 'dispatched') {
          await shop.deliver();
          // Only this event: a redelivered refund request would resume a parked refund.
          await deliverLast(shop, processes[1]);
        }
        repair();
        // Parked waits are resumed by an operator, one kind after the other.
        for (let kinds = 0; kinds < 5; kinds += 1) {
          for (const kind of WaitKind.options) await processes[1].resumeWait(ORDER, kind);
          await runToRest(shop, processes[1], { timeouts: 12 });
          if ((await shop.outcome()).shipment === 'requested') await shop.dispatch();
        }
        await runToRest(shop, processes[1], { timeouts: 12 });
        expect(inconsistencies(await shop.outcome('tea', 'mug'), short)).toEqual([]);
        expect(await shop.isCompleted()).toBe(true);
        const listed = await createParking(shop.direct, shop.clock).list();
        expect(
          listed.filter(({ subject }) => subject.kind === 'deadline' || subject.kind === 'refund'),
        ).toEqual([]);
      }),
      { numRuns: 150, seed: 20_260_105 },
    );
  });
});
