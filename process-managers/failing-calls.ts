import type { Deadline, OutsideCall } from '../domain/fulfilment/steps.ts';
import type { Logger } from '../event-store/logger.ts';
import type { MakeCall } from './outside-calls.ts';
import { judge } from './verdicts.ts';
import type { SetWaitAside } from './waits-set-aside.ts';

/** Which wait a call is made in. */
const WAIT: Readonly<Record<OutsideCall['call'], Deadline['waitingFor']>> = {
  'capture-payment': 'payment',
  'settle-payment': 'settlement',
  'refund-payment': 'refund',
  'dispatch-shipment': 'dispatch',
  'recall-shipment': 'recall',
};

/**
 * A call that keeps failing, or whose answer can never be recorded, ends the asking: the wait that it was made in is set
 * aside. Throws what the call threw, whatever becomes of it.
 */
export function settingFailedCallsAside(
  make: MakeCall,
  setWaitAside: SetWaitAside,
  logger: Logger,
): MakeCall {
  const { failed, succeeded } = judge();
  return async (order, call, cause, signal, attempt) => {
    const { orderId } = order;
    const name = `${call.call} of ${orderId}`;
    try {
      await make(order, call, cause, signal, attempt);
      succeeded(name);
    } catch (error) {
      const { giveUp, reason } = failed(name, error);
      if (giveUp)
        await setWaitAside(orderId, WAIT[call.call], `${call.call}: ${reason}`, cause).catch((why: unknown) =>
          logger.error('a wait could not be set aside', { orderId, error: why }),
        );
      throw error;
    }
  };
}
