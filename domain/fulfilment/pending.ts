import { unhandled } from '../kernel/domain-error.ts';
import {
  awaited,
  dueTasks,
  type FulfilmentState,
  isSold,
  isWaitSetAside,
  type Order,
  refundReason,
  type Task,
} from './state.ts';
import type { Deadline, OutsideCall, Pending, Step } from './steps.ts';

/**
 * All that is to be sent, from the state alone: whoever asks after a crash is told the same again. Stages come first; what
 * a wait begins with, and its calls, are for the recorded deadline, once every stage was noted as answered.
 */
export function pending(state: FulfilmentState): Pending {
  const { order, deadline, exceptions } = state;
  const isSetAside = state.refund.status === 'set-aside' || isWaitSetAside(state);
  if (order === undefined)
    return { stepsId: '', stages: [], beforeCalls: [], calls: [], deadline, exceptions, isSetAside, order };
  const tasks = dueTasks(state);
  const waits = deadline === undefined ? [] : awaited(state);
  const { orderId, customerId, orderPosition } = order;
  return {
    stepsId: stepsId(tasks),
    stages: tasks.flatMap((task) => stagesOf(task, order)),
    beforeCalls: waits.flatMap((wait) => stepsBeforeCall(wait, order, state)),
    calls: waits.flatMap((wait) => callFor(wait, order, state)),
    deadline,
    exceptions,
    isSetAside,
    order: { orderId, customerId, orderPosition },
  };
}

/** Tells an answer to these tasks from an answer to others; empty for none. */
export const stepsId = (tasks: readonly Task[]): string => tasks.map(({ name }) => name).join('+');

function stagesOf(task: Task, order: Order): readonly (readonly Step[])[] {
  const { lines } = order;
  switch (task.name) {
    case 'reserve':
      return [lines.map(({ productId, quantity }) => ({ do: 'reserve-stock', productId, quantity }))];
    case 'call-off':
      return [[{ do: 'cancel-shipment', reason: 'the payment was refunded' }]];
    case 'ship': {
      const { carrier, trackingNumber } = task;
      const commits = lines.map(({ productId }): Step => ({ do: 'commit-stock', productId }));
      return [commits, [{ do: 'mark-order-shipped', carrier, trackingNumber }]];
    }
    case 'deliver':
      return [[{ do: 'mark-order-delivered' }]];
    case 'reject': {
      const { reason, short } = task;
      const why = short.length > 0 ? { reason, short } : { reason };
      return [releases(order), [{ do: 'reject-order', ...why }]];
    }
    case 'cancel': {
      const { reason, cancelledBy } = task;
      const why = reason === undefined ? {} : { reason };
      return [releases(order), [{ do: 'cancel-order', ...why, cancelledBy }]];
    }
    default:
      return unhandled(task);
  }
}

const releases = ({ lines }: Order): Step[] =>
  lines.map(({ productId }) => ({ do: 'release-stock', productId }));

/**
 * What stands in the log before a call. A payment is requested before it is settled, or captured once more; the first
 * time its request is left to whoever makes the call, who may have the outcome to go with it.
 */
function stepsBeforeCall(
  wait: Deadline['waitingFor'],
  order: Order,
  state: FulfilmentState,
): readonly Step[] {
  switch (wait) {
    case 'payment':
    case 'settlement': {
      const isFirstCall = wait === 'payment' && state.deadline?.attempt === 1;
      const request = {
        do: 'request-payment',
        amount: order.total,
        paymentToken: order.paymentToken,
      } as const;
      return isFirstCall ? [] : [request];
    }
    case 'dispatch':
      return isSold(state) ? [{ do: 'confirm-order' }, { do: 'request-shipment' }] : [];
    case 'refund':
    case 'recall':
      return [];
    default:
      return unhandled(wait);
  }
}

function callFor(wait: Deadline['waitingFor'], order: Order, state: FulfilmentState): readonly OutsideCall[] {
  switch (wait) {
    case 'payment':
      return [{ call: 'capture-payment', amount: order.total, paymentToken: order.paymentToken }];
    case 'settlement':
      return [{ call: 'settle-payment', reason: settlementReason(state) }];
    case 'refund':
      return [{ call: 'refund-payment', amount: order.total, reason: refundReason(state) }];
    case 'recall':
      return [{ call: 'recall-shipment' }];
    case 'dispatch':
      // Called off, only the shipment's own word is waited for: it was cancelled, or dispatched before.
      return isSold(state) ? [{ call: 'dispatch-shipment' }] : [];
    default:
      return unhandled(wait);
  }
}

const settlementReason = ({ status }: FulfilmentState): string =>
  status === 'cancelling' ? 'the order was cancelled' : 'the payment provider gave no answer in time';
