import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaitKind } from '../../domain/fulfilment/events.ts';
import { autoCarrier, type Carrier, manualCarrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createParking } from '../engine/parking/parking.ts';
import { deliverLast, ORDER, type Process, runToRest, type Shop, shop } from './testing/shop.ts';

const to = fc.constantFrom(0 as const, 1 as const);
/** What may happen next to an order, in any order and more than once. */
const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('deliver' as const), which: fc.nat(30), to }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('timeout' as const), to }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom('resume', 'a quiet hour'),
      waitingFor: fc.constantFrom(...WaitKind.options),
      to,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom(
        'cancel',
        'cancel, cut short',
        'dispatch',
        'parcel arrives',
        'refund',
        'late money',
        'process dies',
      ),
    }),
  },
);

type Happening = typeof happening extends fc.Arbitrary<infer Next> ? Next : never;

async function happen(here: Shop, processes: [Process, Process], next: Happening): Promise<void> {
  switch (next.what) {
    case 'deliver': {
      const heard = await here.heard();
      const recorded = heard[next.which % heard.length];
      if (recorded !== undefined) await processes[next.to].handle(recorded);
      return;
    }
    case 'timeout': {
      const id = await here.untilDue();
      if (id !== undefined) await processes[next.to].timeoutElapsed(ORDER, id);
      return;
    }
    case 'resume':
      return processes[next.to].resumeWait(ORDER, next.waitingFor);
    case 'a quiet hour':
      return runToRest(here, processes[next.to], { timeouts: 12 });
    case 'process dies':
      await processes[0].calls.stop(0);
      processes[0] = here.startProcess();
      return;
    default: {
      const acts = {
        cancel: here.cancel,
        'cancel, cut short': here.cancelShipment,
        dispatch: here.dispatch,
        'parcel arrives': here.deliver,
        refund: here.requestRefund,
        'late money': here.recordCapture,
      };
      // A refusal is what the person who asks is told; the story goes on.
      await acts[next.what]().catch(() => undefined);
    }
  }
}

/** What is wrong with the adapters: each fails so often, or until it is mended. */
type Defects = Readonly<Record<'capture' | 'settle' | 'refund' | 'dispatch' | 'recall', number>>;

/** Refuses refunds so often, or until it gives in; has defects. */
function reluctant(refusals: number, defects: Defects, carrier: Carrier) {
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
  const fetching: Carrier = {
    dispatch: async (...asked) => {
      defect('dispatch');
      return carrier.dispatch(...asked);
    },
    recall: async (...asked) => {
      defect('recall');
      return carrier.recall(...asked);
    },
  };
  const giveIn = () => {
    left = 0;
    for (const kind of ['capture', 'settle', 'refund', 'dispatch', 'recall'] as const) failures[kind] = 0;
  };
  return { payments, carrier: fetching, giveIn };
}

/** Says what is wrong with the books of an order of 4 tea and 2 mugs that has come to rest, of 9 each in stock. */
function wrongs(
  { order, payment, shipment, stock }: Awaited<ReturnType<Shop['books']>>,
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
  if (left && short) wrong.push('shipped what was short');
  const expected = { tea: [left ? 5 : 9, 0], mug: [short ? 1 : left ? 7 : 9, 0] };
  if (JSON.stringify(stock) !== JSON.stringify(expected)) wrong.push(`stock is ${JSON.stringify(stock)}`);
  return wrong;
}

describe('whatever comes, in whatever order, to two processes', () => {
  it('the order comes to rest, and its books are right', async () => {
    const defects = fc.constantFrom(0, 0, 1, Number.POSITIVE_INFINITY);
    const story = fc.record({
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
      happenings: fc.array(happening, { maxLength: 25, size: 'max' }),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ token, short, manual, refusals, arrives, happenings, ...story }) => {
        const { giveIn, ...outside } = reluctant(
          refusals,
          story.defects,
          manual ? manualCarrier : autoCarrier(),
        );
        const here = shop({
          ...outside,
          policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 8_000 },
        });
        await here.stock('tea', 9);
        await here.stock('mug', short ? 1 : 9);
        await here.place({ tea: 4, mug: 2 }, token);
        const processes: [Process, Process] = [here.startProcess(), here.startProcess()];
        for (const next of happenings) await happen(here, processes, next);

        await runToRest(here, processes[1], { timeouts: 12 });
        if ((await here.books()).shipment === 'requested') await here.dispatch();
        await runToRest(here, processes[1], { timeouts: 12 });
        if (arrives && (await here.books()).shipment === 'dispatched') {
          await here.deliver();
          // Only this event: a redelivered refund request would resume a parked refund.
          await deliverLast(here, processes[1]);
        }
        giveIn();
        // Parked waits are resumed by an operator, one kind after the other.
        for (let kinds = 0; kinds < 5; kinds += 1) {
          for (const kind of WaitKind.options) await processes[1].resumeWait(ORDER, kind);
          await runToRest(here, processes[1], { timeouts: 12 });
          if ((await here.books()).shipment === 'requested') await here.dispatch();
        }
        await runToRest(here, processes[1], { timeouts: 12 });
        expect(wrongs(await here.books('tea', 'mug'), short)).toEqual([]);
        expect(await here.atRest()).toBe(true);
        const listed = await createParking(here.direct, here.clock).list();
        expect(
          listed.filter(({ subject }) => subject.kind === 'deadline' || subject.kind === 'refund'),
        ).toEqual([]);
      }),
      { numRuns: 150, seed: 20_260_105 },
    );
  });
});
