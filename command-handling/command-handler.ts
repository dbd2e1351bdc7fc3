import type { Decider } from '../domain/kernel/decider.ts';
import type { DomainEvent } from '../domain/kernel/event.ts';
import type { Actor, Position } from '../event-store/codec/recorded-event.ts';

/** Who sends a command, and what it belongs to. */
export interface CommandContext {
  /** The same id means the same command: whatever it led to is found by it, and not done again. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actor: Actor;
  readonly requestId?: string;
  readonly traceparent?: string;
  readonly fingerprint?: string;
}

/** Revisions of a stream; `none` when it does not exist. */
export type Revisions = readonly (bigint | 'none')[];

/** One command to one stream. */
export interface CommandRequest<State, Command, Event extends DomainEvent> {
  readonly stream: string;
  readonly decider: Decider<State, Command, Event>;
  readonly command: Command;
  readonly context: CommandContext;
  /** If-Match: revisions known to the caller. Throws `StaleRevision` when the stream is at none of them. */
  readonly ifMatch?: Revisions;
  /** A keyed command: look from this revision on for events of the same command id before deciding. */
  readonly lookFrom?: bigint;
  /**
   * The stream is taken to be new, which saves reading it first. Where it is not, the append finds out, and the command is
   * decided again on what is there. An append whose very events stand there already succeeds: who goes by the state in the
   * answer gives the command an id that nobody gave before.
   */
  readonly presumeNew?: boolean;
}

export interface CommandResult<State, Event extends DomainEvent> {
  /** Empty when the command already held; of a keyed command done before, the events that it led to then. */
  readonly events: readonly Event[];
  /** Of the events, where they were appended now. */
  readonly ids: readonly string[];
  /** The state right after the command's own events; of a keyed command done before, the present one. */
  readonly state: State;
  /** The stream's revision after the command's own events, undefined while the stream does not exist. */
  readonly revision: bigint | undefined;
  /** How far the log is known to reach: at least the stream's last event. */
  readonly position: Position | undefined;
}

/**
 * Load, decide, append; on conflict decide again. Errors: a `Refusal` of the decider (after the tail of the stream was read),
 * `StaleRevision`, `QueueFull`, `ConcurrencyConflict`, `KeyReused` (a keyed command done before with another fingerprint), and those
 * of the event store.
 */
export interface CommandHandler {
  handle<State, Command, Event extends DomainEvent>(
    request: CommandRequest<State, Command, Event>,
  ): Promise<CommandResult<State, Event>>;
  /** A stream's state as this process has it at hand, perhaps outdated: for what may be done in vain, and for what never changes back. */
  cachedState<State, Command, Event extends DomainEvent>(
    stream: string,
    decider: Decider<State, Command, Event>,
  ): State | undefined;
}
