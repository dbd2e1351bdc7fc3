import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InventoryState, initialInventory } from '../inventory/state.ts';
import { customerId, orderId, productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { deepFreeze } from '../testing/given-when-then.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FulfilmentInput, OrderStoryEvent } from './inputs.ts';
import { fulfilmentPolicy } from './policy.ts';
import type { FulfilmentState } from './state.ts';
import { permutations } from './testing/permutations.ts';
import { fulfilmentWorkflow } from './workflow.ts';

const { decide, evolve, initialState, actions } = fulfilmentWorkflow(fulfilmentPolicy);

const id = orderId('o-1');
const any = { id, now: '2010-12-01T08:26:00.000Z' };
const ofOrder = { orderId: id, customerId: customerId('17850') };
const lantern = productId('71053');
const total = money(2034, 'GBP');
const at = '2010-12-01T08:26:00.000Z';
/** The product holds the stock of the order. */
const held: InventoryState = {
  ...initialInventory,
  onHand: 6,
  reserved: 6,
  open: initialInventory.open.set(id, 6),
};
const reservations = [{ productId: lantern, stock: held }];

const placed: FulfilmentInput = {
  type: 'BeginFulfilment',
  ...any,
  event: {
    type: 'OrderPlaced',
    data: {
      ...ofOrder,
      lines: [
        { productId: lantern, name: 'Lantern', quantity: 6, unitPrice: money(339, 'GBP'), lineTotal: total },
      ],
      total,
      paymentToken: 'tok_ok',
      placedAt: at,
    },
  },
  orderPosition: '10423',
  reservations,
};
const received = (event: OrderStoryEvent): FulfilmentInput => ({ type: 'EventReceived', ...any, event });
const captured = received({
  type: 'PaymentCaptured',
  data: { ...ofOrder, amount: total, reference: 'ch_1', capturedAt: at },
});
const declined = received({ type: 'PaymentDeclined', data: { ...ofOrder, reason: 'card expired' } });
const refundRequested = received({
  type: 'RefundRequested',
  data: { ...ofOrder, reason: 'broken', requestedBy: 'ann' },
});
const refunded = received({
  type: 'PaymentRefunded',
  data: { ...ofOrder, amount: total, reason: 'broken', reference: 're_1', refundedAt: at },
});
const dispatched = received({
  type: 'ShipmentDispatched',
  data: { ...ofOrder, carrier: 'Royal Mail', trackingNumber: 'RM1', dispatchedAt: at },
});
const delivered = received({ type: 'ShipmentDelivered', data: { ...ofOrder, deliveredAt: at } });
const cancelled = received({ type: 'ShipmentCancelled', data: { ...ofOrder, cancelledBy: '17850' } });

/** Gives the inputs to the workflow one by one, and a result to each command that it sends. */
function run(inputs: readonly FulfilmentInput[]) {
  let state: FulfilmentState = deepFreeze(initialState);
  const log: FulfilmentEvent[] = [];
  const sent: string[] = [];
  const give = (input: FulfilmentInput) => {
    const events = decide(deepFreeze(input), state);
    state = deepFreeze(events.reduce(evolve, state));
    log.push(...events);
  };
  const completeCommands = () => {
    for (let next = actions(state); next.commands.length > 0; next = actions(state)) {
      sent.push(...next.commands.flat().map(({ command }) => command.type));
      give({ type: 'CommandsCompleted', ...any, commandsId: next.commandsId, results: reservations });
    }
  };
  for (const input of inputs) {
    give(input);
    completeCommands();
    if (actions(state).calls.some(({ type }) => type === 'RecallShipment'))
      give(
        received({
          type: 'ShipmentRecalled',
          data: { ...ofOrder, outcome: 'nothing-taken', recalledAt: at },
        }),
      );
  }
  const last = log.findLast(({ type }) => type !== 'TimeoutScheduled');
  return { state, log, sent, outcome: last?.type === 'FulfilmentCompleted' ? last.data.outcome : last?.type };
}

const stories: readonly {
  readonly story: string;
  readonly inputs: readonly FulfilmentInput[];
  readonly ends: string;
  readonly sends: readonly string[];
  readonly refund: 'none' | 'owed' | 'settled';
}[] = [
  {
    story: 'sold and delivered',
    inputs: [placed, captured, dispatched, delivered],
    ends: 'shipped',
    sends: ['CommitStock', 'MarkOrderShipped', 'MarkOrderDelivered'],
    refund: 'none',
  },
  {
    story: 'sold, shipped and refunded',
    inputs: [placed, captured, dispatched, refundRequested, refunded],
    ends: 'shipped',
    sends: ['CommitStock', 'MarkOrderShipped'],
    refund: 'settled',
  },
  {
    story: 'not paid',
    inputs: [placed, declined],
    ends: 'rejected',
    sends: ['ReleaseStock', 'RejectOrder'],
    refund: 'none',
  },
  {
    story: 'paid, cancelled and refunded',
    inputs: [placed, captured, cancelled, refunded],
    ends: 'cancelled',
    sends: ['ReleaseStock', 'CancelOrder'],
    refund: 'settled',
  },
];

for (const { story, inputs, ends, sends, refund } of stories) {
  describe(`the fulfilment of an order that was ${story}`, () => {
    it('ends in the same state for every order in which the events arrive', () => {
      for (const order of permutations(inputs)) {
        const { state, sent, outcome } = run(order);
        expect(
          outcome,
          order.map((input) => ('event' in input ? input.event.type : input.type)).join(', '),
        ).toBe(ends);
        expect(sent).toEqual(expect.arrayContaining([...sends]));
        expect(state.refund.status).toBe(refund);
        expect(actions(state)).toMatchObject({ commands: [], calls: [], timeout: undefined });
      }
    });

    it('records nothing for a duplicate of any event', () => {
      for (const order of permutations(inputs)) {
        const { log } = run(order);
        expect(run([...order, ...order]).log).toEqual(log);
        expect(run(order.flatMap((input) => [input, input])).log).toEqual(log);
      }
    });
  });
}

describe('evolve of the fulfilment', () => {
  it('accepts any events in any order, and every resulting state has actions', () => {
    const events = stories.flatMap(({ inputs }) => run(inputs).log);
    fc.assert(
      fc.property(fc.shuffledSubarray(events), (shuffled) => {
        for (let state = deepFreeze(initialState), at = 0; at < shuffled.length; at += 1) {
          const event = shuffled[at];
          if (event !== undefined) state = deepFreeze(evolve(state, event));
          actions(state);
        }
      }),
    );
  });
});
