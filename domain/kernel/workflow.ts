import type { DomainEvent } from './event.ts';

/** A scheduled timeout. The engine reports it to the workflow when it is due. */
export interface Timeout {
  readonly timeoutId: string;
  readonly waitingFor: string;
  /** Counts the timeouts of the same wait from 1. */
  readonly attempt: number;
  /** ISO 8601. */
  readonly dueAt: string;
}

/** A contradiction that an operator has to look at; `number` counts those of an instance from 1. */
export interface WorkflowException {
  readonly number: number;
  readonly kind: string;
  readonly detail: string;
}

/** A command of an aggregate that a process manager sends. Sending it again changes nothing. */
export interface OutgoingCommand {
  /** Id of the aggregate. */
  readonly id: string;
  readonly command: { readonly type: string };
  /** Code of a rejection that counts as a result: the aggregate ended in another way, and its own event reports it. */
  readonly accepts?: string;
  /** Statuses of the aggregate in which the command still has an effect: with any other cached status it is done. */
  readonly pendingIn?: readonly string[];
  /** The command usually creates its stream, so the stream is not read first. */
  readonly isFirst?: boolean;
}

/** Everything that a process manager still has to do. It follows from the recorded state alone. */
export interface Actions<Command, Call> {
  /** Commands with recorded results: the engine sends one stage after another, and the commands of a stage side by side. */
  readonly commands: readonly (readonly Command[])[];
  /** Names `commands`. Results of commands with another name are stale; empty when there are no commands. */
  readonly commandsId: string;
  /** Commands whose results are not recorded. The engine sends them before the calls, unless they are known to be done. */
  readonly preparations: readonly Command[];
  /** External calls. The recorded timeout repeats them. */
  readonly calls: readonly Call[];
  readonly timeout: Timeout | undefined;
  /** What the instance waits for under the timeout. */
  readonly activeWaits: readonly string[];
  /** Waits that are parked until an operator replays them. */
  readonly parkedWaits: readonly string[];
  /** Waits that were parked before and are over: their parked items are resolved. */
  readonly endedWaits: readonly string[];
  /** All contradictions so far: each is parked for an operator. */
  readonly exceptions: readonly WorkflowException[];
}

export const noActions: Actions<never, never> = {
  commands: [],
  commandsId: '',
  preparations: [],
  calls: [],
  timeout: undefined,
  activeWaits: [],
  parkedWaits: [],
  endedWaits: [],
  exceptions: [],
};

/** `id` names the instance; `now` (ISO 8601) dates what follows. */
export interface WorkflowInput<Type extends string> {
  readonly type: Type;
  readonly id: string;
  readonly now: string;
}

/** All commands of `actions(state)` have results. Stale when the state has other commands by now. */
export interface CommandsCompleted<Result> extends WorkflowInput<'CommandsCompleted'> {
  readonly commandsId: string;
  readonly results: readonly Result[];
}
/** Changes nothing when the timeout is no longer the current one. */
export interface TimeoutElapsed extends WorkflowInput<'TimeoutElapsed'> {
  readonly timeoutId: string;
}
/** Changes nothing when the instance waits for something else. */
export interface ParkWait extends WorkflowInput<'ParkWait'> {
  readonly waitingFor: string;
  readonly reason: string;
}
/** An operator replays a parked wait: it starts again with its first attempt, once all commands have results. */
export interface ResumeWait extends WorkflowInput<'ResumeWait'> {
  readonly waitingFor: string;
}

/** The inputs that the engine creates for every workflow. */
export type EngineInput<Result> = CommandsCompleted<Result> | TimeoutElapsed | ParkWait | ResumeWait;

/**
 * A process manager as pure functions. Inputs are events of other streams as they are, results of commands, elapsed
 * timeouts, and decisions of operators. It rejects no input: what is known already or stale records nothing.
 */
export interface Workflow<Input, State, Event extends DomainEvent, Command, Call> {
  readonly initialState: State;
  /** Records new facts and what follows from them at once. */
  readonly decide: (input: Input, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
  readonly actions: (state: State) => Actions<Command, Call>;
}
