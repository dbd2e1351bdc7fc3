import type { StepSubject } from '../../event-catalogue/parked-events.ts';

interface OfStep {
  readonly stepId: string;
}
/** A step by its id, and what it is about: absent where it was set aside before, as that of a replay was. */
export interface Step extends OfStep {
  readonly subject?: StepSubject;
}
/** `at` is ISO 8601. */
export interface ParkStep extends Step {
  readonly type: 'ParkStep';
  readonly reason: string;
  readonly at: string;
}
/** Before an event is handled that may be what ends its consumers. */
export interface SuspectStep extends Step {
  readonly type: 'SuspectStep';
  readonly at: string;
}
export interface NoteSurvived extends OfStep {
  readonly type: 'NoteSurvived';
}
export interface RequestReplay extends OfStep {
  readonly type: 'RequestReplay';
  readonly requestedBy: string;
}
/** Those among them that are not there any more are passed over. */
export interface RequestReplays {
  readonly type: 'RequestReplays';
  readonly stepIds: readonly string[];
  readonly requestedBy: string;
}
export interface NoteReplayed extends OfStep {
  readonly type: 'NoteReplayed';
  /** Only if it was not set aside again since it had this number. */
  readonly number?: number;
}
export interface DiscardStep extends OfStep {
  readonly type: 'DiscardStep';
  readonly reason: string;
  readonly discardedBy: string;
}
/** Nothing: what it answers is the state as it is now. */
export interface LookAtSteps {
  readonly type: 'LookAtSteps';
}

export type ParkedCommand =
  | ParkStep
  | SuspectStep
  | NoteSurvived
  | RequestReplay
  | RequestReplays
  | NoteReplayed
  | DiscardStep
  | LookAtSteps;
