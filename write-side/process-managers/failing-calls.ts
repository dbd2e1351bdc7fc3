import { LRUCache } from 'lru-cache';
import type { Deadline, OutsideCall } from '../../domain/fulfilment/steps.ts';
import type { MakeCall } from './outside-calls.ts';
import { type Parking, waitStep } from './parked/parked-steps.ts';
import { judge } from './verdicts.ts';

/** Which wait a call is made in. */
const WAIT: Readonly<Record<OutsideCall['call'], Deadline['waitingFor']>> = {
  'capture-payment': 'payment',
  'settle-payment': 'settlement',
  'refund-payment': 'refund',
  'dispatch-shipment': 'dispatch',
};

/**
 * A call that keeps failing, or whose answer can never be recorded, ends the asking: the wait that it was made in is set
 * aside, and its deadlines fire no more until an operator has it replayed. One that succeeds after all takes it off the list.
 * Throws what the call threw, whatever becomes of it.
 */
export function settingFailedCallsAside(
  make: MakeCall,
  parking: Pick<Parking, 'park' | 'replayed'>,
): MakeCall {
  const { failed, succeeded } = judge();
  const parkedHere = new LRUCache<string, true>({ max: 10_000 });
  return async (order, call, cause, signal, attempt) => {
    const step = waitStep(order.orderId, WAIT[call.call]);
    try {
      await make(order, call, cause, signal, attempt);
      succeeded(step.stepId);
    } catch (error) {
      const { giveUp, reason } = failed(step.stepId, error);
      if (giveUp) {
        parkedHere.set(step.stepId, true);
        await parking.park(step, `${call.call}: ${reason}`);
      }
      throw error;
    }
    if (attempt > 1 || parkedHere.has(step.stepId)) await parking.replayed(step.stepId);
  };
}
