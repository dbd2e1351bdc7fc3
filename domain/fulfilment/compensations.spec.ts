import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../testing/given-when-then.ts';
import type { FulfilmentCommand } from './commands.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FulfilmentInput } from './inputs.ts';
import { fulfilmentPolicy } from './policy.ts';
import type { FulfilmentState } from './state.ts';
import {
  begin,
  shipmentCancelled as cancelled,
  paymentCaptured as captured,
  commandsCompleted,
  paymentDeclined as declined,
  shipmentDelivered as delivered,
  shipmentDispatched as dispatched,
  paymentFailed as failed,
  paymentRefunded as refunded,
  refundRequested,
  shipmentRecalled,
} from './testing/inputs.ts';
import { heart, heartHeld, heartShort, lantern, lanternHeld } from './testing/order.ts';
import { permutations } from './testing/permutations.ts';
import { fulfilmentWorkflow } from './workflow.ts';

const { decide, evolve, initialState, actions } = fulfilmentWorkflow(fulfilmentPolicy);
const placed = begin([]);

type End = 'shipped' | 'rejected' | 'cancelled';
interface Story {
  /** State of the order, and the interruption in that state. */
  readonly while: string;
  readonly interruption: string;
  /** Everything that happens; each arrives once, in every order. */
  readonly inputs: readonly FulfilmentInput[];
  readonly stock?: 'held' | 'short';
  /** Two ends are possible when two things happen at once: the first to arrive decides. */
  readonly ends: readonly End[];
}

const stories: readonly Story[] = [
  { while: 'reserving', interruption: 'short stock', stock: 'short', inputs: [placed], ends: ['rejected'] },
  {
    while: 'reserving',
    interruption: 'a cancellation',
    inputs: [placed, cancelled],
    ends: ['cancelled'],
  },
  {
    while: 'reserving',
    interruption: 'short stock and a cancellation',
    stock: 'short',
    inputs: [placed, cancelled],
    ends: ['rejected', 'cancelled'],
  },
  {
    while: 'paying',
    interruption: 'a declined payment',
    inputs: [placed, declined],
    ends: ['rejected'],
  },
  { while: 'paying', interruption: 'a failed payment', inputs: [placed, failed], ends: ['rejected'] },
  {
    while: 'paying',
    interruption: 'a declined payment and a cancellation',
    inputs: [placed, declined, cancelled],
    ends: ['rejected', 'cancelled'],
  },
  {
    while: 'paying',
    interruption: 'a failed payment and a cancellation',
    inputs: [placed, failed, cancelled],
    ends: ['rejected', 'cancelled'],
  },
  {
    while: 'paying',
    interruption: 'a failed payment that was captured after all',
    inputs: [placed, failed, captured],
    ends: ['rejected', 'shipped'],
  },
  {
    while: 'paying',
    interruption: 'a failed payment that was captured after all, and a cancellation',
    inputs: [placed, failed, cancelled, captured],
    ends: ['rejected', 'cancelled'],
  },
  {
    while: 'paid',
    interruption: 'a cancellation',
    inputs: [placed, captured, cancelled],
    ends: ['cancelled'],
  },
  {
    while: 'paid',
    interruption: 'a refund by an operator',
    inputs: [placed, captured, refundRequested()],
    ends: ['cancelled'],
  },
  {
    while: 'paid',
    interruption: 'a refund by an operator and a cancellation',
    inputs: [placed, captured, refundRequested(), cancelled],
    ends: ['cancelled'],
  },
  {
    while: 'paid',
    interruption: 'a refund that is paid out at once',
    inputs: [placed, captured, refundRequested(), refunded],
    ends: ['cancelled'],
  },
  {
    while: 'dispatched',
    interruption: 'a refund by an operator',
    inputs: [placed, captured, dispatched, refundRequested()],
    ends: ['shipped'],
  },
  {
    while: 'delivered',
    interruption: 'a refund by an operator',
    inputs: [placed, captured, dispatched, delivered, refundRequested()],
    ends: ['shipped'],
  },
  { while: 'being fulfilled', interruption: 'no interruption', inputs: [placed], ends: ['shipped'] },
];

/** What becomes of the commands that are pending after an input, before the next input arrives. */
type Completion =
  | 'completed at once'
  /** Sent, and completed after the next input, when they may be stale. */
  | 'completed late'
  /** Not sent, as after a crash. */
  | 'not sent';
const COMPLETIONS: readonly Completion[] = ['completed at once', 'completed late', 'not sent'];

const nameOf = ({ to, id, command }: FulfilmentCommand) =>
  to === 'inventory' ? `${command.type} ${id}` : command.type;

/** Gives the inputs to the workflow one by one, then makes its calls with the expected results until it waits no longer. */
function run({ inputs, stock }: Story, completions: readonly Completion[]) {
  let state: FulfilmentState = deepFreeze(initialState);
  const log: FulfilmentEvent[] = [];
  const sent: string[] = [];
  const give = (input: FulfilmentInput) => {
    const events = decide(deepFreeze(input), state);
    state = deepFreeze(events.reduce(evolve, state));
    log.push(...events);
  };
  const sendCommands = (): FulfilmentInput => {
    const { commands, commandsId } = actions(state);
    sent.push(...commands.flat().map(nameOf));
    return commandsCompleted(commandsId, [lanternHeld, stock === 'short' ? heartShort : heartHeld]);
  };
  const completeCommands = () => {
    while (actions(state).commands.length > 0) give(sendCommands());
  };

  let late: FulfilmentInput | undefined;
  for (const [index, input] of inputs.entries()) {
    give(input);
    if (late !== undefined) give(late);
    late = undefined;
    if (completions[index] === 'completed at once') completeCommands();
    if (completions[index] === 'completed late') late = sendCommands();
  }
  if (late !== undefined) give(late);
  completeCommands();

  const calls: string[] = [];
  for (let round = 1; actions(state).timeout !== undefined; round += 1) {
    if (round > 10) throw new RangeError('the order never ends');
    const types = actions(state).calls.map(({ type }) => type);
    calls.push(...types);
    if (types.includes('CapturePayment')) give(captured);
    if (types.includes('SettlePayment')) give(inputs.includes(captured) ? captured : failed);
    if (types.includes('RefundPayment')) give(refunded);
    if (types.includes('RecallShipment')) give(shipmentRecalled());
    // The shipment is either dispatched or cancelled.
    if (types.includes('DispatchShipment')) give(dispatched);
    else if (sent.includes('CancelShipment') && state.status === 'selling') give(cancelled);
    completeCommands();
  }
  const last = log.findLast(({ type }) => type !== 'TimeoutScheduled');
  return { state, sent, calls, end: last?.type === 'FulfilmentCompleted' ? last.data.outcome : last?.type };
}

/** Returns the rules that an ended order has broken. */
function brokenRules({ state, sent, calls, end }: ReturnType<typeof run>, { ends }: Story): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, otherwise: string) => void (holds || broken.push(otherwise));
  rule(
    ends.some((expected) => expected === end),
    `the order ended with ${end}`,
  );
  for (const line of [lantern, heart]) {
    const last = sent.findLast((name) => name.endsWith(` ${line}`));
    rule(last === `${end === 'shipped' ? 'CommitStock' : 'ReleaseStock'} ${line}`, `the last was ${last}`);
    rule(end !== 'shipped' || !sent.includes(`ReleaseStock ${line}`), `${line} was released and shipped`);
    rule(end === 'shipped' || !sent.includes(`CommitStock ${line}`), `${line} was committed, not shipped`);
  }
  rule(sent.includes('MarkOrderShipped') === (end === 'shipped'), 'the order shows another end: shipped');
  rule(sent.includes('RejectOrder') === (end === 'rejected'), 'the order shows another end: rejected');
  rule(sent.includes('CancelOrder') === (end === 'cancelled'), 'the order shows another end: cancelled');

  const isPaid = state.payment === 'captured';
  const isRefundable = isPaid && (end !== 'shipped' || state.refund.status !== 'none');
  rule(state.refund.status === (isRefundable ? 'settled' : 'none'), `the refund is ${state.refund.status}`);
  rule(isPaid || !calls.includes('RefundPayment'), 'money was refunded that was never captured');
  rule(end !== 'shipped' || isPaid, 'the order was shipped and not paid');
  return broken;
}

function tuples(length: number, items: readonly Completion[]): Completion[][] {
  if (length === 0) return [[]];
  return tuples(length - 1, items).flatMap((shorter) => items.map((item) => [...shorter, item]));
}
/** All combinations; of the longest stories, which have too many, those without commands that are not sent. */
const completionsOf = ({ inputs: { length } }: Story) =>
  tuples(length, length > 4 ? COMPLETIONS.slice(0, 2) : COMPLETIONS);

const titleOf = (input: FulfilmentInput) => (input.type === 'EventReceived' ? input.event.type : input.type);

describe.each(stories)('an order that meets $interruption while $while', (story) => {
  it(`ends ${story.ends.join(' or ')}, and is compensated, in every order of arrival`, () => {
    const seen = new Set<unknown>();
    for (const inputs of permutations(story.inputs))
      for (const completions of completionsOf(story)) {
        const ended = run({ ...story, inputs }, completions);
        const broken = brokenRules(ended, story);
        if (broken.length > 0)
          expect(
            broken,
            inputs.map((input, index) => `${titleOf(input)}, ${completions[index]}`).join('; '),
          ).toEqual([]);
        seen.add(ended.end);
      }
    expect([...seen].sort()).toEqual([...story.ends].sort());
  });
});
