import type { CommandRequest } from '../../command-handling/command-handler.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import type {
  Actions,
  EngineInput,
  OutgoingCommand,
  Workflow,
  WorkflowException,
} from '../../domain/kernel/workflow.ts';
import type { ItemToPark } from '../../event-catalogue/parked-items.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';

/*
 * How an event travels through a process manager:
 *
 *   subscription      subscriptions.ts             delivers an event of the streams in `prefixes`
 *   delivery handler  parking/delivery-handler.ts  acknowledges, retries or parks it, by the outcome of:
 *   instance          instances.ts                 1. `receive` maps the event to an input; `workflow` decides events
 *                                                  2. records them on `streamOf(id)`, with a timeout if calls follow
 *                                                  3. sends the commands (commands.ts) and records their results
 *                                                  4. requests the external calls, and acknowledges without their results
 *   call              calls/external-calls.ts      runs the `CallAdapter` in the background and records the result
 *                                                  as an event of an aggregate, which the subscription delivers
 *
 *   timeouts/timeouts.ts reports a due timeout to the instance, which repeats the calls that have no result yet.
 *
 * A crash at any point loses nothing: a redelivery or a timeout repeats the work, and all of it is idempotent.
 */

/** The stream and the decider of the aggregate that a command is for. */
export type CommandTarget = Pick<
  CommandRequest<{ readonly status?: string }, OutgoingCommand['command'], DomainEvent>,
  'stream' | 'decider'
>;

export interface ExternalCall {
  readonly type: string;
  /** What the call is about, if an instance can need several calls of this type at once. */
  readonly subject?: string;
}

/** The outcome of a call. */
export type CallOutcome<Command> =
  | {
      readonly outcome: 'result';
      /** Records the result on the stream of its aggregate. */
      readonly command: Command;
      /** Revision of the result's event if no other result came before it; then what follows is sent at once. */
      readonly firstAt?: bigint;
    }
  /** No result yet: the timeout repeats the call. */
  | { readonly outcome: 'pending'; readonly reason: string }
  /** The other side refuses. After `MAX_REFUSALS` attempts the wait is parked. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** How one type of external call is made. */
export interface CallAdapter<Call, Command> {
  /** The wait that the call belongs to. */
  readonly waitingFor: string;
  /** Recorded as the author of the result. */
  readonly actor: string;
  /** Must not throw for a refusal or an outage of the other side. */
  readonly make: (call: Call, signal: AbortSignal) => Promise<CallOutcome<Command>>;
  /** Names, such as a customer: the calls of one name take at most three quarters of the calls that may run at once. */
  readonly lanes: (call: Call) => readonly string[];
  /** Records that the call is in flight. Sent only when the result takes longer than a moment. */
  readonly announce?: (call: Call) => Command;
  /** Whether the call is known to be no longer needed. */
  readonly isNeedless?: (call: Call) => boolean;
}

/** One timeout of a wait; `attempt` counts from 1. */
export interface Attempt {
  readonly id: string;
  readonly waitingFor: string;
  readonly attempt: number;
}

/** The kinds and lengths of a workflow's waits, and the items under which they are parked. */
export interface WaitRules {
  readonly kinds: readonly string[];
  /** Milliseconds from the scheduling of a timeout until it is due. */
  readonly timeoutMs: (attempt: Attempt) => number;
  readonly maxTimeoutMs: (waitingFor: string) => number;
  /** Returns whether a wait ends after a number of timeouts, so each must have lasted its whole length. */
  readonly mustLast: (waitingFor: string) => boolean;
  readonly itemOf: (id: string, waitingFor: string) => ItemToPark;
  readonly exceptionItemOf: (id: string, exception: WorkflowException) => ItemToPark;
}

export type ReceivedEvent = Pick<RecordedEvent, 'event' | 'position'>;

/** An event for one instance of a workflow. */
export type Received<Input, Result> =
  | { readonly input: Input }
  /** The first commands are sent before anything is recorded: event and results are then one append (ADR 0009). */
  | { readonly begin: (results: readonly Result[]) => Input };

/** The types of a workflow: its own inputs, its state and events, its commands with their results, and its calls. */
export interface WorkflowTypes {
  readonly input: { readonly id: string };
  readonly state: unknown;
  readonly event: DomainEvent;
  readonly command: OutgoingCommand;
  readonly result: unknown;
  readonly call: ExternalCall;
}

/** Connects a workflow to streams and external systems. The engine needs nothing else to run it. */
export interface Definition<Types extends WorkflowTypes> {
  /** Name of the process manager, of its subscription, and of the author of its commands. */
  readonly name: string;
  readonly workflow: Workflow<
    Types['input'] | EngineInput<Types['result']>,
    Types['state'],
    Types['event'],
    Types['command'],
    Types['call']
  >;
  /** Absent for a workflow that records nothing: a redelivery sends its commands again. */
  readonly streamOf?: (id: string) => string;
  /** Prefixes of the streams that it subscribes to. */
  readonly prefixes: readonly string[];
  readonly deliveriesAtOnce: number;
  /** Returns undefined for events that mean nothing to the workflow. `now` is ISO 8601. */
  readonly receive: (
    recorded: ReceivedEvent,
    now: string,
  ) => Received<Types['input'], Types['result']> | undefined;
  readonly targetOf: (command: Types['command']) => CommandTarget;
  /** Returns the result of a command for the workflow, from the state of its aggregate after the command. */
  readonly resultOf?: (command: Types['command'], state: unknown) => Types['result'] | undefined;
  readonly calls: {
    readonly [Type in Types['call']['type']]: CallAdapter<
      Extract<Types['call'], { readonly type: Type }>,
      Types['command']
    >;
  };
  /** Absent for a workflow without external calls. */
  readonly waits?: WaitRules;
}

/** Everything that an instance of a workflow still has to do. */
export type ActionsOf<Types extends WorkflowTypes> = Actions<Types['command'], Types['call']>;
