import { randomUUID } from 'node:crypto';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { Deadline, Exception } from '../../domain/fulfilment/steps.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { entries, get } from '../../domain/kernel/persistent-map.ts';
import { exceptionSubject, type StepSubject, stepIdOf } from '../../event-catalogue/parked-events.ts';
import { fulfilmentStream, parkedStepsStream, paymentStream } from '../../event-catalogue/streams.ts';
import { PROCESS_MANAGERS } from '../causes.ts';
import type { ParkedCommand, Step } from './commands.ts';
import { parkedDecider } from './decider.ts';
import type { ParkedStep, ParkedSteps } from './state.ts';

/** Sets steps aside, for operators to look at. Every one of these may throw what the command handler throws. */
export interface Parking {
  /** Set aside already, it stays as it is. Throws `TooManyParked`. */
  park(step: Step, reason: string): Promise<void>;
  /** Before a suspect is handled: whether it may be; if not, it is set aside. */
  mayTry(step: Step): Promise<boolean>;
  /** After a suspect was handled, well or badly. */
  survived(step: Step): Promise<void>;
  /** It is done, by a replay or otherwise; of a replay its `number`, should it have been set aside again meanwhile. */
  replayed(stepId: string, number?: number): Promise<void>;
  find(stepId: string): Promise<ParkedStep | undefined>;
  /** All that is set aside, the newest first. */
  list(): Promise<readonly ParkedStep[]>;
}

/** Reasons may quote what they are about; nobody reads on for longer. */
const LONGEST_REASON = 2_000;

/** Returns the step of a subject; the same subject always has the same id. */
export const stepOf = (subject: StepSubject): Required<Step> => ({ stepId: stepIdOf(subject), subject });

/** Of a refund that the payment provider refuses. */
export const refundStep = (orderId: OrderId): Required<Step> =>
  stepOf({ group: 'fulfilment', kind: 'refund', stream: paymentStream(orderId), orderId });

/** Of the deadlines by which an order waits for something, and of all that they set going. */
export const waitStep = (orderId: OrderId, type: Deadline['waitingFor']): Required<Step> =>
  stepOf({ group: 'fulfilment', kind: 'deadline', stream: fulfilmentStream(orderId), type, orderId });

/** Returns the step of an exception. */
export const exceptionStep = (orderId: OrderId, { kind, number }: Exception): Required<Step> =>
  stepOf(exceptionSubject(orderId, kind, number));

export function parking(handler: CommandHandler, clock: () => Date): Parking {
  const send = (command: ParkedCommand, { stepId, subject }: Step = { stepId: parkedStepsStream }) => {
    const commandId = randomUUID();
    return handler.handle({
      stream: parkedStepsStream,
      decider: parkedDecider,
      command,
      context: {
        commandId,
        correlationId: subject?.orderId ?? stepId,
        causationId: commandId,
        actor: PROCESS_MANAGERS,
      },
    });
  };
  const look = async (): Promise<ParkedSteps> => (await send({ type: 'LookAtSteps' })).state;
  const at = (): string => clock().toISOString();

  return {
    park: async (step, reason) => {
      const told = reason.slice(0, LONGEST_REASON);
      await send({ type: 'ParkStep', ...step, reason: told, at: at() }, step);
    },
    mayTry: async (step) => {
      const { state } = await send({ type: 'SuspectStep', ...step, at: at() }, step);
      return get(state.open, step.stepId)?.status !== 'parked';
    },
    survived: async (step) => {
      await send({ type: 'NoteSurvived', stepId: step.stepId }, step);
    },
    replayed: async (stepId, number) => {
      const onlyWith = number === undefined ? {} : { number };
      await send({ type: 'NoteReplayed', stepId, ...onlyWith }, { stepId });
    },
    find: async (stepId) => get((await look()).open, stepId),
    list: async () => parkedOf(await look()),
  };
}

/** All that is set aside, the newest first. */
export const parkedOf = ({ open }: ParkedSteps): readonly ParkedStep[] =>
  [...entries(open)].map(([, step]) => step).sort((a, b) => b.number - a.number);
