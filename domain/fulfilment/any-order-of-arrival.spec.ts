import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerId, orderId, productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { deepFreeze } from '../testing/given-when-then.ts';
import { fulfilment } from './decider.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FulfilmentInput } from './inputs.ts';
import { pending } from './pending.ts';
import { fulfilmentPolicy } from './policy.ts';
import type { FulfilmentState } from './state.ts';

const { decide, evolve, initialState } = fulfilment(fulfilmentPolicy);

const any = { orderId: orderId('o-1'), now: '2010-12-01T08:26:00.000Z' };
const lantern = productId('71053');

const placed: FulfilmentInput = {
  type: 'NoteOrderPlaced',
  ...any,
  customerId: customerId('17850'),
  lines: [{ productId: lantern, quantity: 6 }],
  total: money(2034, 'GBP'),
  paymentToken: 'tok_ok',
  orderPosition: '10423',
};
const captured: FulfilmentInput = { type: 'NotePaymentCaptured', ...any };
const declined: FulfilmentInput = { type: 'NotePaymentDeclined', ...any, reason: 'card expired' };
const refundRequested: FulfilmentInput = { type: 'NoteRefundRequested', ...any, reason: 'broken' };
const refunded: FulfilmentInput = { type: 'NotePaymentRefunded', ...any };
const dispatched: FulfilmentInput = {
  type: 'NoteShipmentDispatched',
  ...any,
  carrier: 'Royal Mail',
  trackingNumber: 'RM1',
};
const delivered: FulfilmentInput = { type: 'NoteShipmentDelivered', ...any };
const cancelled: FulfilmentInput = { type: 'NoteShipmentCancelled', ...any, cancelledBy: '17850' };

/** Tells the facts one by one, answering after each whatever is then pending. */
function tell(facts: readonly FulfilmentInput[]) {
  let state: FulfilmentState = deepFreeze(initialState);
  const log: FulfilmentEvent[] = [];
  const steps: string[] = [];
  const note = (input: FulfilmentInput) => {
    const events = decide(deepFreeze(input), state);
    state = deepFreeze(events.reduce(evolve, state));
    log.push(...events);
  };
  const answerAll = () => {
    for (let next = pending(state); next.stages.length > 0; next = pending(state)) {
      steps.push(...next.stages.flat().map((step) => step.do));
      const stock = [{ productId: lantern, held: true }] as const;
      note({ type: 'NoteStepsAnswered', ...any, stepsId: next.stepsId, stock });
    }
  };
  for (const fact of facts) {
    note(fact);
    answerAll();
    if (pending(state).calls.some(({ call }) => call === 'recall-shipment'))
      note({ type: 'NoteShipmentRecalled', ...any, outcome: 'nothing-taken' });
  }
  const last = log.findLast(({ type }) => type !== 'DeadlineSet');
  return {
    state,
    log,
    steps,
    outcome: last?.type === 'FulfilmentCompleted' ? last.data.outcome : last?.type,
  };
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((others) => [item, ...others]));
}

const stories: readonly {
  readonly story: string;
  readonly facts: readonly FulfilmentInput[];
  readonly ends: string;
  readonly sends: readonly string[];
  readonly refund: 'none' | 'owed' | 'settled';
}[] = [
  {
    story: 'sold and delivered',
    facts: [placed, captured, dispatched, delivered],
    ends: 'shipped',
    sends: ['commit-stock', 'mark-order-shipped', 'mark-order-delivered'],
    refund: 'none',
  },
  {
    story: 'sold and given back',
    facts: [placed, captured, dispatched, refundRequested, refunded],
    ends: 'shipped',
    sends: ['commit-stock', 'mark-order-shipped'],
    refund: 'settled',
  },
  {
    story: 'not paid for',
    facts: [placed, declined],
    ends: 'rejected',
    sends: ['release-stock', 'reject-order'],
    refund: 'none',
  },
  {
    story: 'cancelled, paid and refunded',
    facts: [placed, captured, cancelled, refunded],
    ends: 'cancelled',
    sends: ['release-stock', 'cancel-order'],
    refund: 'settled',
  },
];

for (const { story, facts, ends, sends, refund } of stories) {
  describe(`an order that was ${story}`, () => {
    it('comes to the same end in whatever order that was heard', () => {
      for (const order of permutations(facts)) {
        const { state, steps, outcome } = tell(order);
        expect(outcome, order.map(({ type }) => type).join(', ')).toBe(ends);
        expect(steps).toEqual(expect.arrayContaining([...sends]));
        expect(state.refund.status).toBe(refund);
        expect(pending(state)).toMatchObject({ stages: [], calls: [], deadline: undefined });
      }
    });

    it('is not told again by hearing any of it again', () => {
      for (const order of permutations(facts)) {
        const { log } = tell(order);
        expect(tell([...order, ...order]).log).toEqual(log);
        expect(tell(order.flatMap((fact) => [fact, fact])).log).toEqual(log);
      }
    });
  });
}

describe('evolve', () => {
  it('takes any events in any order without throwing, and so does what reads the state', () => {
    const events = stories.flatMap(({ facts }) => tell(facts).log);
    fc.assert(
      fc.property(fc.shuffledSubarray(events), (shuffled) => {
        for (let state = deepFreeze(initialState), at = 0; at < shuffled.length; at += 1) {
          const event = shuffled[at];
          if (event !== undefined) state = deepFreeze(evolve(state, event));
          pending(state);
        }
      }),
    );
  });
});
