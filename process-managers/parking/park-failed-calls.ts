import type { Deadline, OutsideCall } from '../../domain/fulfilment/steps.ts';
import { waitItem } from '../../event-catalogue/parked-items.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { MakeCall } from '../outside-calls.ts';
import { createJudge } from '../verdicts.ts';
import { type CrashGuard, WORKER_CRASHED } from './crash-guard.ts';
import type { ParkWait } from './park-waits.ts';

/** The wait that each call belongs to. */
const WAIT: Readonly<Record<OutsideCall['call'], Deadline['waitingFor']>> = {
  'capture-payment': 'payment',
  'settle-payment': 'settlement',
  'refund-payment': 'refund',
  'dispatch-shipment': 'dispatch',
  'recall-shipment': 'recall',
};

/** A wait with more attempts than this may crash its worker; its further attempts are recorded. */
export const MAX_UNGUARDED_ATTEMPTS = 3;

/**
 * Creates a `MakeCall` that parks the wait of a call which keeps failing, whose response can never be recorded, or which
 * crashes its workers. Throws what the call throws.
 */
export function createCallWithParking(
  make: MakeCall,
  parkWait: ParkWait,
  guard: CrashGuard,
  logger: Logger,
): MakeCall {
  const { failed, succeeded } = createJudge();
  return async (order, call, cause, signal, attempt) => {
    const { orderId } = order;
    const wait = WAIT[call.call];
    const name = `${call.call} of ${orderId}`;
    const work = () => make(order, call, cause, signal, attempt);
    try {
      if (attempt <= MAX_UNGUARDED_ATTEMPTS) await work();
      else
        await guard.run(waitItem(orderId, wait).itemId, work, () =>
          parkWait(orderId, wait, WORKER_CRASHED, cause),
        );
      succeeded(name);
    } catch (error) {
      const judgement = failed(name, error);
      if (judgement.giveUp) {
        const why = { reason: judgement.reason, detail: `${call.call}: ${judgement.detail}` };
        await parkWait(orderId, wait, why, cause).catch((error: unknown) =>
          logger.error('a wait could not be parked', { orderId, error }),
        );
      }
      throw error;
    }
  };
}
