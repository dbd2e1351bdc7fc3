import { type Decider, unchanged } from '../../domain/kernel/decider.ts';
import { emptyMap, get, remove, set, sizeOf } from '../../domain/kernel/persistent-map.ts';
import { NotFound, unhandled } from '../../domain/kernel/refusal.ts';
import type { ParkedEvent, StepSubject } from '../../event-catalogue/parked-events.ts';
import type { ParkedCommand, ParkStep, SuspectStep } from './commands.ts';
import { MoneyStillOwed, NothingToReplay, StepBeingReplayed, TooManyParked } from './refusals.ts';
import { initialParkedSteps, type ParkedStep, type ParkedSteps, throwAway } from './state.ts';

/** Steps that may be set aside at the same time: what is beyond waits for its retry. */
export const MOST_PARKED = 10_000;
/** How often an event is tried under suspicion before it is set aside unhandled. */
export const MOST_SUSPICIONS = 3;
/** So many suspects at a time; with one more, all others are none any more. */
export const MOST_SUSPECTS = 10_000;

/** What was set aside, and what operators made of it. One stream for all process managers. */
export const parkedDecider: Decider<ParkedSteps, ParkedCommand, ParkedEvent> = {
  decide,
  evolve,
  initialState: initialParkedSteps,
};

function decide(command: ParkedCommand, state: ParkedSteps): readonly ParkedEvent[] {
  switch (command.type) {
    case 'ParkStep':
      return park(command, state);
    case 'SuspectStep':
      return suspect(command, state);
    case 'NoteSurvived': {
      const { stepId } = command;
      return get(state.suspects, stepId) === undefined ? [] : [{ type: 'StepSurvived', data: { stepId } }];
    }
    case 'RequestReplay':
      return replayOne(existing(state, command.stepId), command.requestedBy);
    case 'RequestReplays':
      return command.stepIds.flatMap((stepId) => replay(get(state.open, stepId), command.requestedBy));
    case 'NoteReplayed': {
      const { stepId } = command;
      const known = get(state.open, stepId);
      if (known === undefined || known.number !== (command.number ?? known.number)) return [];
      return [{ type: 'StepReplayed', data: { stepId } }];
    }
    case 'DiscardStep': {
      const { stepId, reason, discardedBy } = command;
      const { status, subject } = existing(state, stepId);
      if (isAboutMoney(subject)) throw new MoneyStillOwed(stepId);
      if (status === 'replaying') throw new StepBeingReplayed(stepId);
      return [{ type: 'StepDiscarded', data: { stepId, reason, discardedBy } }];
    }
    case 'LookAtSteps':
      return [];
    default:
      return unhandled(command);
  }
}

function evolve(state: ParkedSteps, event: ParkedEvent): ParkedSteps {
  const { stepId } = event.data;
  const known = get(state.open, stepId);
  switch (event.type) {
    case 'StepParked': {
      const { subject, reason, parkedAt } = event.data;
      const number = state.lastNumber + 1;
      const times = (known?.times ?? 0) + 1;
      const step: ParkedStep = { stepId, subject, reason, parkedAt, times, number, status: 'parked' };
      return {
        ...state,
        open: set(state.open, stepId, step),
        suspects: remove(state.suspects, stepId),
        lastNumber: number,
      };
    }
    case 'StepSuspected': {
      // Some marks stay: their process was killed for other reasons, and their step never came again.
      const suspects = sizeOf(state.suspects) < MOST_SUSPECTS ? state.suspects : emptyMap;
      return { ...state, suspects: set(suspects, stepId, (get(state.suspects, stepId) ?? 0) + 1) };
    }
    case 'StepSurvived':
      return { ...state, suspects: remove(state.suspects, stepId) };
    case 'StepReplayRequested':
      if (known === undefined) return state;
      return { ...state, open: set(state.open, stepId, { ...known, status: 'replaying' }) };
    case 'StepReplayed':
      return known === undefined ? state : closed(state, stepId);
    case 'StepDiscarded': {
      if (known === undefined) return state;
      const { kind, deadlineId } = known.subject;
      const isForGood = deadlineId !== undefined || kind === 'exception';
      const forGood = isForGood ? throwAway(state, stepId) : {};
      return { ...closed(state, stepId), ...forGood };
    }
    default:
      return unchanged(state, event);
  }
}

const closed = (state: ParkedSteps, stepId: string): ParkedSteps => ({
  ...state,
  open: remove(state.open, stepId),
});

function park({ stepId, subject, reason, at }: ParkStep, state: ParkedSteps): readonly ParkedEvent[] {
  const known = get(state.open, stepId);
  const about = known?.subject ?? subject;
  if (known?.status === 'parked' || about === undefined || get(state.thrownAway, stepId)) return [];
  if (known === undefined && sizeOf(state.open) >= MOST_PARKED) throw new TooManyParked(MOST_PARKED);
  return [{ type: 'StepParked', data: { stepId, subject: about, reason, parkedAt: at } }];
}

/** Waits in which no money moves. */
const OF_THE_CARRIER: ReadonlySet<string> = new Set(['dispatch', 'recall']);

/** A refund that is owed, or a wait in which money may move, or have moved. */
const isAboutMoney = ({ kind, type }: StepSubject): boolean =>
  kind === 'refund' || (kind === 'deadline' && type !== undefined && !OF_THE_CARRIER.has(type));

function suspect({ stepId, at, ...about }: SuspectStep, state: ParkedSteps): readonly ParkedEvent[] {
  if (get(state.open, stepId)?.status === 'parked') return [];
  if ((get(state.suspects, stepId) ?? 0) < MOST_SUSPICIONS)
    return [{ type: 'StepSuspected', data: { stepId } }];
  const reason = 'each of its consumers ended, or fell silent, while handling it';
  return park({ ...about, type: 'ParkStep', stepId, reason, at }, state);
}

function replay(step: ParkedStep | undefined, requestedBy: string): readonly ParkedEvent[] {
  if (step?.status !== 'parked' || step.subject.kind === 'exception') return [];
  return [{ type: 'StepReplayRequested', data: { stepId: step.stepId, requestedBy } }];
}

function replayOne(step: ParkedStep, requestedBy: string): readonly ParkedEvent[] {
  if (step.subject.kind === 'exception') throw new NothingToReplay(step.stepId);
  return replay(step, requestedBy);
}

function existing(state: ParkedSteps, stepId: string): ParkedStep {
  const step = get(state.open, stepId);
  if (step === undefined) throw new NotFound('parked step', stepId);
  return step;
}
