import type { Decider } from '../domain/kernel/decider.ts';
import type { DomainEvent } from '../domain/kernel/event.ts';
import type { Actor, Position } from '../event-store/codec/recorded-event.ts';

/** The sender of a command, its correlation and its cause. */
export interface CommandContext {
  /** The same id means the same command. Its events are found by this id, so it is not executed twice. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actor: Actor;
  readonly requestId?: string;
  readonly traceparent?: string;
  readonly fingerprint?: string;
}

/** Revisions of a stream; `none` while it does not exist. */
export type Revisions = readonly (bigint | 'none')[];

/** One command to one stream. */
export interface CommandRequest<State, Command, Event extends DomainEvent> {
  readonly stream: string;
  /** The same instance for all streams of a category: see `aggregate`. */
  readonly decider: Decider<State, Command, Event>;
  readonly command: Command;
  readonly context: CommandContext;
  /** Revisions from `If-Match`. Throws `StaleRevision` if the stream is at none of them. */
  readonly ifMatch?: Revisions | undefined;
  /** Before deciding, search the stream from this revision on for events of the same command id. */
  readonly lookFrom?: bigint;
  /**
   * Decide without reading the stream first, since it probably does not exist. If it does, the append conflicts and the
   * command is decided again. The append also succeeds if the stream has these very events already; a caller that uses the
   * returned state must therefore use a new command id.
   */
  readonly presumeNew?: boolean;
}

export interface CommandResult<State, Event extends DomainEvent> {
  /** Empty if the command had no effect. For a command found by `lookFrom`, the events of its first execution. */
  readonly events: readonly Event[];
  /** The ids of the events that this call appended. */
  readonly ids: readonly string[];
  /** The state after the events of the command. For a command found by `lookFrom`, the current state. */
  readonly state: State;
  /** The revision after the events of the command; undefined while the stream does not exist. */
  readonly revision: bigint | undefined;
  /** A log position that includes the events of the command. */
  readonly position: Position | undefined;
}

/**
 * Loads the state of a stream, decides, and appends the events; on a conflict decides again. Throws a `DomainError` of the
 * decider, `StaleRevision`, `QueueFull`, `ConcurrencyConflict`, `KeyReused` (a command found by `lookFrom` has another
 * fingerprint), and the errors of the event store.
 */
export interface CommandHandler {
  handle<State, Command, Event extends DomainEvent>(
    request: CommandRequest<State, Command, Event>,
  ): Promise<CommandResult<State, Event>>;
  /** Returns the cached state, which may be stale. Use it only for idempotent work or for facts that never change back. */
  cachedState<State, Command, Event extends DomainEvent>(
    target: Pick<CommandRequest<State, Command, Event>, 'stream' | 'decider'>,
  ): State | undefined;
}
