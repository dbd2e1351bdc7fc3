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
const heart = productId('85123A');
const LINES = [lantern, heart];

const placed: FulfilmentInput = {
  type: 'NoteOrderPlaced',
  ...any,
  customerId: customerId('17850'),
  lines: LINES.map((productId) => ({ productId, quantity: 2 })),
  total: money(2034, 'GBP'),
  paymentToken: 'tok_ok',
  orderPosition: '10423',
};
const captured: FulfilmentInput = { type: 'NotePaymentCaptured', ...any };
const declined: FulfilmentInput = { type: 'NotePaymentDeclined', ...any, reason: 'card expired' };
const failed: FulfilmentInput = { type: 'NotePaymentFailed', ...any, reason: 'no answer in time' };
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

type End = 'shipped' | 'rejected' | 'cancelled';
interface Row {
  /** How far the order had got, and what came in between. */
  readonly step: string;
  readonly interruption: string;
  /** All that happened outside; each arrives once, in every order. */
  readonly facts: readonly FulfilmentInput[];
  readonly stock?: 'held' | 'short';
  readonly ends: readonly End[];
}

/** Where two ends are given, two happened at once, and whichever is heard of first decides. */
const rows: readonly Row[] = [
  { step: 'reserving', interruption: 'short', stock: 'short', facts: [placed], ends: ['rejected'] },
  { step: 'reserving', interruption: 'cancelled', facts: [placed, cancelled], ends: ['cancelled'] },
  {
    step: 'reserving',
    interruption: 'short and cancelled',
    stock: 'short',
    facts: [placed, cancelled],
    ends: ['rejected', 'cancelled'],
  },
  { step: 'paying', interruption: 'declined', facts: [placed, declined], ends: ['rejected'] },
  { step: 'paying', interruption: 'failed', facts: [placed, failed], ends: ['rejected'] },
  {
    step: 'paying',
    interruption: 'declined and cancelled',
    facts: [placed, declined, cancelled],
    ends: ['rejected', 'cancelled'],
  },
  {
    step: 'paying',
    interruption: 'failed and cancelled',
    facts: [placed, failed, cancelled],
    ends: ['rejected', 'cancelled'],
  },
  {
    step: 'paying',
    interruption: 'given up, and captured after all',
    facts: [placed, failed, captured],
    ends: ['rejected', 'shipped'],
  },
  {
    step: 'paying',
    interruption: 'given up, cancelled, and captured after all',
    facts: [placed, failed, cancelled, captured],
    ends: ['rejected', 'cancelled'],
  },
  { step: 'paid', interruption: 'cancelled', facts: [placed, captured, cancelled], ends: ['cancelled'] },
  {
    step: 'paid',
    interruption: 'refunded by an operator',
    facts: [placed, captured, refundRequested],
    ends: ['cancelled'],
  },
  {
    step: 'paid',
    interruption: 'refunded by an operator and cancelled',
    facts: [placed, captured, refundRequested, cancelled],
    ends: ['cancelled'],
  },
  {
    step: 'paid',
    interruption: 'refunded before anybody heard of it',
    facts: [placed, captured, refundRequested, refunded],
    ends: ['cancelled'],
  },
  {
    step: 'dispatched',
    interruption: 'refunded by an operator',
    facts: [placed, captured, dispatched, refundRequested],
    ends: ['shipped'],
  },
  {
    step: 'delivered',
    interruption: 'refunded by an operator',
    facts: [placed, captured, dispatched, delivered, refundRequested],
    ends: ['shipped'],
  },
  { step: 'none', interruption: 'nothing', facts: [placed], ends: ['shipped'] },
];

/** What becomes of the steps that are pending when a fact has been heard, before the next one arrives. */
type Answering =
  | 'answered at once'
  /** Sent, and the answer comes when the next fact was heard: to a state that may have moved on. */
  | 'answered late'
  /** Not even sent, as after a crash. */
  | 'not sent';
const ANSWERINGS: readonly Answering[] = ['answered at once', 'answered late', 'not sent'];

/** Tells the facts one by one, then lets the outside answer what is asked of it, until all is at rest. */
function tell({ facts, stock }: Row, answerings: readonly Answering[]) {
  let state: FulfilmentState = deepFreeze(initialState);
  const log: FulfilmentEvent[] = [];
  const sent: string[] = [];
  const note = (input: FulfilmentInput) => {
    const events = decide(deepFreeze(input), state);
    state = deepFreeze(events.reduce(evolve, state));
    log.push(...events);
  };
  const send = (): FulfilmentInput => {
    const { stages, stepsId } = pending(state);
    sent.push(
      ...stages.flat().map((step) => ('productId' in step ? `${step.do} ${step.productId}` : step.do)),
    );
    const answers = LINES.map((productId) =>
      stock === 'short' && productId === heart
        ? ({ productId, held: false, requested: 2, available: 1 } as const)
        : ({ productId, held: true } as const),
    );
    return { type: 'NoteStepsAnswered', ...any, stepsId, stock: answers };
  };
  const answerAll = () => {
    while (pending(state).stages.length > 0) note(send());
  };

  let late: FulfilmentInput | undefined;
  for (const [at, fact] of facts.entries()) {
    note(fact);
    if (late !== undefined) note(late);
    late = undefined;
    if (answerings[at] === 'answered at once') answerAll();
    if (answerings[at] === 'answered late') late = send();
  }
  if (late !== undefined) note(late);
  answerAll();

  const calls: string[] = [];
  const heard = new Set(facts.map(({ type }) => type));
  for (let turn = 0; pending(state).deadline !== undefined; turn += 1) {
    if (turn > 10) throw new RangeError('it never comes to rest');
    const asked = pending(state).calls.map(({ call }) => call);
    calls.push(...asked);
    const called = sent.includes('cancel-shipment');
    if (asked.includes('capture-payment')) note(captured);
    if (asked.includes('settle-payment')) note(heard.has('NotePaymentCaptured') ? captured : failed);
    if (asked.includes('refund-payment')) note(refunded);
    if (asked.includes('recall-shipment'))
      note({ type: 'NoteShipmentRecalled', ...any, outcome: 'nothing-taken' });
    // The shipment's stream takes one of the two.
    if (asked.includes('dispatch-shipment')) note(dispatched);
    else if (called && state.status === 'selling') note(cancelled);
    answerAll();
  }
  const last = log.findLast(({ type }) => type !== 'DeadlineSet');
  return { state, sent, calls, end: last?.type === 'FulfilmentCompleted' ? last.data.outcome : last?.type };
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((others) => [item, ...others]));
}

const tuples = (length: number, of: readonly Answering[]): Answering[][] =>
  length === 0 ? [[]] : tuples(length - 1, of).flatMap((shorter) => of.map((one) => [...shorter, one]));
/** All of them; of the longest stories, which are a great many, without those that a crash would leave. */
const answeringsOf = ({ facts: { length } }: Row) =>
  tuples(length, length > 4 ? ANSWERINGS.slice(0, 2) : ANSWERINGS);

/** Says what was done wrongly for an order that has come to its end. */
function wrongs({ state, sent, calls, end }: ReturnType<typeof tell>, { ends }: Row): string[] {
  const wrong: string[] = [];
  const mustBe = (holds: boolean, what: string) => void (holds || wrong.push(what));
  mustBe(
    ends.some((one) => one === end),
    `it ended as ${end}`,
  );
  for (const line of LINES) {
    const lastOfStock = sent.findLast((step) => step.endsWith(` ${line}`));
    mustBe(
      lastOfStock === `${end === 'shipped' ? 'commit' : 'release'}-stock ${line}`,
      `${lastOfStock}, at last`,
    );
    mustBe(end !== 'shipped' || !sent.includes(`release-stock ${line}`), `${line} was released and shipped`);
    mustBe(end === 'shipped' || !sent.includes(`commit-stock ${line}`), `${line} left the house`);
  }
  mustBe(sent.includes('mark-order-shipped') === (end === 'shipped'), 'shipped, or not, on the order');
  mustBe(sent.includes('reject-order') === (end === 'rejected'), 'rejected, or not, on the order');
  mustBe(sent.includes('cancel-order') === (end === 'cancelled'), 'cancelled, or not, on the order');

  const paid = state.payment === 'captured';
  const toGiveBack = paid && (end !== 'shipped' || state.refund.status !== 'none');
  mustBe(state.refund.status === (toGiveBack ? 'settled' : 'none'), `the refund is ${state.refund.status}`);
  mustBe(paid || !calls.includes('refund-payment'), 'money went back that never came');
  mustBe(end !== 'shipped' || paid, 'it was shipped unpaid');
  return wrong;
}

describe.each(rows)('$interruption while $step', (row) => {
  it(`is made up for in every order of arrival: ${row.ends.join(' or ')}`, () => {
    const seen = new Set<unknown>();
    for (const facts of permutations(row.facts))
      for (const answerings of answeringsOf(row)) {
        const told = tell({ ...row, facts }, answerings);
        const wrong = wrongs(told, row);
        if (wrong.length > 0)
          expect(wrong, facts.map(({ type }, at) => `${type}, ${answerings[at]}`).join('; ')).toEqual([]);
        seen.add(told.end);
      }
    expect([...seen].sort()).toEqual([...row.ends].sort());
  });
});
