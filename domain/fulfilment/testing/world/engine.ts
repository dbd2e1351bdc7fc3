import { DomainError } from '../../../kernel/domain-error.ts';
import { orderId } from '../../../kernel/ids.ts';
import type { Actions } from '../../../kernel/workflow.ts';
import type { FulfilmentCommand } from '../../commands.ts';
import type { BeginFulfilment, FulfilmentInput, Reservation } from '../../inputs.ts';
import type { FulfilmentPolicy } from '../../policy.ts';
import type { ExternalCall } from '../../waits.ts';
import { fulfilmentWorkflow } from '../../workflow.ts';
import { CUSTOMER, type Shop, type ShopOrder } from './shop.ts';

/** Runs until the next `yield`, between any two of which a crash can end it. */
export type Process<Result = void> = Generator<undefined, Result>;
type Todo = Actions<FulfilmentCommand, ExternalCall>;

interface Engine {
  readonly shop: Shop;
  readonly policy: FulfilmentPolicy;
  /** ISO 8601. */
  readonly clock: () => string;
  readonly startCall: (of: ShopOrder, call: ExternalCall) => void;
}

/** The simplest engine of the workflow: gives an input to it, then does everything that is to do. */
export function createEngine({ shop, policy, clock, startCall }: Engine) {
  const workflow = fulfilmentWorkflow(policy);
  const give = (of: ShopOrder, input: FulfilmentInput): Todo => workflow.actions(of.fulfilment.send(input));

  function* handle(input: FulfilmentInput): Process {
    const of = shop.orderOf(orderId(input.id));
    let todo = input.type === 'BeginFulfilment' ? yield* begin(of, input) : give(of, input);
    yield;
    while (todo.commands.length > 0) {
      const { commandsId } = todo;
      const results = yield* send(todo.commands.flat());
      todo = give(of, { type: 'CommandsCompleted', id: of.id, now: clock(), commandsId, results });
      yield;
    }
    yield* send(todo.preparations);
    for (const call of todo.calls) startCall(of, call);
  }

  /** The first reservations are made before the order is recorded, so that both are one append. */
  function* begin(of: ShopOrder, input: BeginFulfilment): Process<Todo> {
    const placed = workflow
      .decide(input, workflow.initialState)
      .reduce(workflow.evolve, workflow.initialState);
    const first = workflow.actions(placed).commands.flat();
    const reservations = of.plan.areReservationsLate ? [] : yield* send(first);
    return give(of, { ...input, reservations });
  }

  function* send(commands: readonly FulfilmentCommand[]): Process<Reservation[]> {
    const reservations: Reservation[] = [];
    for (const command of commands) {
      reservations.push(...sendOne(command));
      yield;
    }
    return reservations;
  }

  function sendOne(message: FulfilmentCommand): readonly Reservation[] {
    try {
      return deliver(message);
    } catch (error) {
      if (error instanceof DomainError && error.code === message.accepts) return [];
      throw error;
    }
  }

  function deliver(message: FulfilmentCommand): readonly Reservation[] {
    switch (message.to) {
      case 'order':
        shop.orderOf(message.id).order.send(message.command);
        return [];
      case 'payment':
        shop.orderOf(message.id).payment.send(message.command);
        return [];
      case 'shipment':
        shop.orderOf(message.id).shipment.send(message.command);
        return [];
      case 'inventory': {
        const stock = shop.stockOf(message.id).send(message.command);
        return message.command.type === 'ReserveStock' ? [{ productId: message.id, stock }] : [];
      }
    }
  }

  /** Makes a call and records its response. A fast provider's payment is requested together with its outcome. */
  function* makeCall(of: ShopOrder, call: ExternalCall, outside: () => (() => void) | undefined): Process {
    yield;
    if (of.plan.isProviderSlow) requestPayment(of, call);
    yield;
    const record = outside();
    yield;
    requestPayment(of, call);
    const before = of.payment.log.length;
    record?.();
    if (before === 1) yield* confirmAtOnce(of);
  }

  function requestPayment({ id, payment }: ShopOrder, call: ExternalCall): void {
    if (call.type !== 'CapturePayment') return;
    const { amount, paymentToken } = call;
    payment.send({ type: 'RequestPayment', orderId: id, customerId: CUSTOMER, amount, paymentToken });
  }

  /** Confirms an order as soon as its capture is recorded, as far as a cached state shows, which may be stale. */
  function* confirmAtOnce({ id, plan, payment, fulfilment }: ShopOrder): Process {
    const event = payment.log[1];
    if (event?.type !== 'PaymentCaptured') return;
    const { decide, evolve, initialState, actions } = workflow;
    const known = fulfilment.log.slice(0, Math.max(0, fulfilment.log.length - plan.eventsBehind));
    const cached = known.reduce(evolve, initialState);
    const captured: FulfilmentInput = { type: 'EventReceived', id, now: clock(), event };
    const { preparations } = actions(decide(captured, cached).reduce(evolve, cached));
    for (const message of preparations) {
      yield;
      const { type } = message.command;
      if (type === 'ConfirmOrder' || type === 'RequestShipment') sendOne(message);
    }
  }

  return { handle, makeCall };
}
