import type { LimitFunction } from 'p-limit';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { Logger } from '../../event-store/logger.ts';
import { createExternalCalls, type ExternalCalls } from './calls/external-calls.ts';
import { adapterOf, createMakeCalls } from './calls/make-calls.ts';
import { createCommandSender } from './commands.ts';
import type { Definition, WaitRules, WorkflowTypes } from './definition.ts';
import { createInstances, type Instances } from './instances.ts';
import type { CrashGuard } from './parking/crash-guard.ts';
import { createCallWithParking } from './parking/park-failed-calls.ts';
import { createParkWait, createUpdateParking, type ParkWait } from './parking/park-waits.ts';
import type { Parking } from './parking/parking.ts';

/** Runs the instances of one workflow. Each function throws what the command handler throws. */
export interface ProcessManager {
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly deliveriesAtOnce: number;
  readonly waits: WaitRules | undefined;
  /** Returns the stream of an instance; undefined for a workflow that records nothing. */
  streamOf(id: string): string | undefined;
  /** Resolves when everything that follows from the event has a result, or is covered by a recorded timeout. */
  handle(recorded: RecordedEvent): Promise<void>;
  /**
   * A timeout is due; one that is no longer current changes nothing. With `again`, an earlier attempt to handle it failed:
   * pending work is sent even if the timeout is no longer current.
   */
  timeoutElapsed(id: string, timeoutId: string, again?: boolean): Promise<void>;
  readonly parkWait: ParkWait;
  /**
   * Resumes a parked wait and sends what is pending. Returns false if there is nothing to resume although the instance waits:
   * the wait is not parked yet, or was resumed before.
   */
  resumeWait(id: string, waitingFor: string): Promise<boolean>;
  readonly calls: Pick<ExternalCalls<never>, 'counts' | 'ended' | 'idle' | 'stop'>;
}

export interface ProcessManagerOptions {
  readonly handler: CommandHandler;
  readonly parking: Parking;
  readonly guard: CrashGuard;
  /** Called with each timeout that this process has recorded. */
  readonly timeoutScheduled?: (timeoutId: string) => void;
  /** Limits the commands of all instances in this process. */
  readonly limit: LimitFunction;
  readonly maxRunningCalls: number;
  readonly maxWaitingCalls: number;
  readonly clock: () => Date;
  readonly logger: Logger;
}

/**
 * Creates the process manager of a workflow by connecting the parts that `definition.ts` describes: command sender, external
 * calls, parking and instances. Nothing runs until `handle` receives a delivered event, `timeoutElapsed` a due timeout, or
 * `resumeWait` an operator's replay. A call ends in a recorded event, which `handle` receives like any other.
 */
export function createProcessManager<Types extends WorkflowTypes>(
  definition: Definition<Types>,
  options: ProcessManagerOptions,
): ProcessManager {
  const { handler, parking, guard, limit, clock, logger, timeoutScheduled = () => {} } = options;
  const { name, prefixes, deliveriesAtOnce, streamOf = () => undefined, waits } = definition;
  const rules = waits ?? withoutWaits(name);
  const commands = createCommandSender(definition, { handler, limit });
  const parkWait: ParkWait = createParkWait<Types>({ rules, instances: () => instances, parking, logger });
  const make = createMakeCalls(definition, {
    commands,
    instances: { anticipate: (...event) => instances.anticipate(...event) },
    parkRefused: ({ id, call, cause }, reason) => {
      const detail = `${call.type} is refused: ${reason}`;
      return parkWait(id, waitOf(call), { reason: 'call-refused', detail }, cause);
    },
    logger,
  });
  const waitOf = (call: Types['call']): string => adapterOf(definition, call).waitingFor;
  const calls = createExternalCalls<Types['call']>({
    make: createCallWithParking({ make, waitOf, itemOf: rules.itemOf, parkWait, guard, logger }),
    lanesOf: (call) => adapterOf(definition, call).lanes(call),
    maxRunning: options.maxRunningCalls,
    maxWaiting: options.maxWaitingCalls,
    logger,
  });
  const updateParking = createUpdateParking<Types>({ rules, parking, logger });
  const instances: Instances<Types> = createInstances(definition, {
    handler,
    commands,
    calls,
    updateParking,
    timeoutScheduled,
    clock,
  });
  return {
    name,
    prefixes,
    deliveriesAtOnce,
    waits,
    streamOf,
    handle: instances.handle,
    timeoutElapsed: async (id, timeoutId, again) => {
      const input = (now: string) => ({ type: 'TimeoutElapsed', id, now, timeoutId }) as const;
      await instances.give(id, input, { id: timeoutId }, again);
    },
    parkWait,
    resumeWait: async (id, waitingFor) => {
      const resume = () =>
        instances.give(id, (now) => ({ type: 'ResumeWait', id, now, waitingFor }), { id }, true);
      const first = await resume();
      // Pending commands are sent first. If there were any, the wait is still parked and is resumed now.
      const { isNew, activeWaits } = first.parkedWaits.includes(waitingFor) ? await resume() : first;
      return isNew || !activeWaits.includes(waitingFor);
    },
    calls,
  };
}

function withoutWaits(name: string): WaitRules {
  const none = (): never => {
    throw new TypeError(`${name} has no waits`);
  };
  return {
    kinds: [],
    timeoutMs: none,
    maxTimeoutMs: none,
    mustLast: none,
    itemOf: none,
    exceptionItemOf: none,
  };
}
