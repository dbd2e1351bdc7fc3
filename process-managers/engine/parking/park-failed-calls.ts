import type { Logger } from '../../../event-store/logger.ts';
import type { MakeCall } from '../calls/external-calls.ts';
import type { ExternalCall, WaitRules } from '../definition.ts';
import { createJudge } from '../verdicts.ts';
import { type CrashGuard, WORKER_CRASHED } from './crash-guard.ts';
import type { ParkWait } from './park-waits.ts';

/** A wait with more attempts than this may crash its worker; its further attempts are recorded. */
export const MAX_UNGUARDED_ATTEMPTS = 3;

interface Options<Call> {
  readonly make: MakeCall<Call>;
  readonly waitOf: (call: Call) => string;
  readonly itemOf: WaitRules['itemOf'];
  readonly parkWait: ParkWait;
  readonly guard: CrashGuard;
  readonly logger: Logger;
}

/**
 * Creates a `MakeCall` that parks the wait of a call which keeps failing, whose result can never be recorded, or which
 * crashes its workers. Throws what the call throws.
 */
export function createCallWithParking<Call extends ExternalCall>(options: Options<Call>): MakeCall<Call> {
  const { make, waitOf, itemOf, parkWait, guard, logger } = options;
  const { failed, succeeded } = createJudge();
  return async (requested, signal) => {
    const { id, call, cause, attempt } = requested;
    const wait = waitOf(call);
    const name = `${call.type} of ${id}`;
    const work = () => make(requested, signal);
    try {
      if (attempt <= MAX_UNGUARDED_ATTEMPTS) await work();
      else await guard.run(itemOf(id, wait).itemId, work, () => parkWait(id, wait, WORKER_CRASHED, cause));
      succeeded(name);
    } catch (error) {
      const judgement = failed(name, error);
      if (judgement.giveUp) {
        const why = { reason: judgement.reason, detail: `${call.type}: ${judgement.detail}` };
        await parkWait(id, wait, why, cause).catch((error: unknown) =>
          logger.error('a wait could not be parked', { id, error }),
        );
      }
      throw error;
    }
  };
}
