import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { aggregate } from '../command-handling/aggregates.ts';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import type { OutsideCall } from '../domain/fulfilment/steps.ts';
import type { OrderId } from '../domain/kernel/ids.ts';
import type { Logger } from '../event-store/logger.ts';
import { settlesWithin } from '../platform/async/timeout.ts';
import { CARRIER, type Cause, inStoryOf, PAYMENT_PROVIDER } from './causes.ts';
import type { MakeCall } from './outside-calls.ts';
import { ask, type Fact, type Outside } from './outside-facts.ts';
import { isKnownDone, type OrderInHand, performStep } from './steps.ts';
import { isPassing } from './verdicts.ts';

export interface RecordFactsOptions extends Outside {
  readonly handler: CommandHandler;
  readonly clock: () => Date;
  readonly logger: Logger;
  /** Told as soon as a capture is recorded before which nothing but its request was; the cause is its event. */
  readonly paid: (order: OrderInHand, cause: Cause) => Promise<void>;
  /** Takes the refund of an order off the parking list: the money was paid back. */
  readonly unparkRefund: (orderId: OrderId) => Promise<void>;
  /** Parks a refund that the provider keeps rejecting, until an operator replays it. */
  readonly parkRefund: (orderId: OrderId, refusal: string, cause: Cause) => Promise<void>;
}

/** A payment that is not answered by then is recorded as requested by itself, for all to see. */
const ANSWERED_AT_ONCE_MS = 50;
/** A provider that does not know of a payment yet may know of it soon; one that refuses so often means it. */
const MOST_REFUSALS = 5;

/**
 * Makes a call and appends what it comes to, as a fact, to the payment's or the shipment's stream, from where it comes
 * back as a delivery. A payment that is answered at once is requested in the same append: that it was to be paid is
 * recorded with its deadline before. An answer that was got is worth some patience with the store; where that ends, the
 * deadline repeats the call, which gives the same answer.
 */
export function callAndRecord({
  handler,
  clock,
  logger,
  paid,
  unparkRefund,
  parkRefund,
  ...outside
}: RecordFactsOptions): MakeCall {
  const patiently = retry(handleWhen(isPassing), {
    maxAttempts: 5,
    backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }),
  });

  const request = async (order: OrderInHand, call: OutsideCall, cause: Cause): Promise<void> => {
    if (call.call !== 'capture-payment') return;
    const { amount, paymentToken } = call;
    const step = { do: 'request-payment', amount, paymentToken } as const;
    if (!isKnownDone(handler, order, step)) await performStep({ handler }, order, step, cause);
  };

  return async (order, call, cause, signal, attempt) => {
    if (call.call === 'dispatch-shipment' && isCalledOff(handler, order.orderId)) return;
    const asked = ask(outside, order, call, () => clock().toISOString(), signal);
    if (call.call === 'capture-payment' && !(await settlesWithin(asked, ANSWERED_AT_ONCE_MS)))
      // What does not get through goes with the outcome.
      await request(order, call, cause).catch(() => {});
    const fact = await asked;
    if (fact.on === 'nothing') {
      await patiently.execute(() => request(order, call, cause), signal);
      const { orderId } = order;
      const refused = fact.outcome === 'refused';
      logger[refused ? 'error' : 'info']('a call came to nothing yet', {
        orderId,
        call: call.call,
        attempt,
        ...fact,
      });
      const { reason = 'no reason given' } = fact;
      if (refused && attempt >= MOST_REFUSALS)
        await patiently.execute(() => parkRefund(orderId, reason, cause), signal);
      return;
    }
    const capture = await patiently.execute(
      () => record({ handler, logger }, order, call, fact, cause),
      signal,
    );
    if (call.call === 'refund-payment')
      await unparkRefund(order.orderId).catch((error: unknown) =>
        logger.warn('a refund was paid, but may still be parked', {
          orderId: order.orderId,
          error,
        }),
      );
    if (capture === undefined || signal.aborted) return;
    // The capture stands: what fails now is made up for by its delivery.
    await paid(order, { ...cause, id: capture }).catch((error: unknown) =>
      logger[isPassing(error) ? 'info' : 'error']('an order was not confirmed at once', {
        orderId: order.orderId,
        error: String(error),
      }),
    );
  };
}

/** The cached state has a cancellation, which never changes back: the process manager does not ask the carrier. */
const isCalledOff = (handler: Pick<CommandHandler, 'cachedState'>, orderId: OrderId): boolean =>
  handler.cachedState(aggregate('shipment', orderId))?.status === 'cancelled';

/** Records a result; that of a capture with its request, in one append. Returns the id of a capture that is the first result. */
async function record(
  { handler, logger }: Pick<RecordFactsOptions, 'handler' | 'logger'>,
  order: OrderInHand,
  call: OutsideCall,
  fact: Fact,
  cause: Cause,
): Promise<string | undefined> {
  const { orderId, customerId } = order;
  if (fact.on === 'payment') {
    const { command } = fact;
    const { amount, paymentToken } = call.call === 'capture-payment' ? call : {};
    const isCapture = amount !== undefined && paymentToken !== undefined;
    const isRequested =
      !isCapture || isKnownDone(handler, order, { do: 'request-payment', amount, paymentToken });
    const { ids, revision } = await handler.handle({
      ...aggregate('payment', orderId),
      command: isRequested ? command : { ...command, request: { orderId, customerId, amount, paymentToken } },
      context: inStoryOf(orderId, call.call, cause, PAYMENT_PROVIDER),
      presumeNew: !isRequested,
    });
    return command.type === 'RecordCapture' && revision === 1n ? ids.at(-1) : undefined;
  }
  const { command } = fact;
  const context = inStoryOf(orderId, call.call, cause, CARRIER);
  const { events } = await handler.handle({ ...aggregate('shipment', orderId), command, context });
  for (const { type, data } of events)
    if (type === 'ShipmentContradicted')
      logger.warn('a carrier took a parcel that contradicts the shipment', { ...data });
  return undefined;
}
