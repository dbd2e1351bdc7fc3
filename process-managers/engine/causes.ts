import type { CommandContext } from '../../command-handling/command-handler.ts';
import type { Actor, RecordedEvent } from '../../event-store/codec/recorded-event.ts';

/** What a command follows from: a delivered event, or an elapsed timeout. */
export interface Cause {
  readonly id: string;
  readonly traceparent?: string;
}

export const causeOf = ({ id, metadata: { traceparent } }: RecordedEvent): Cause => ({
  id,
  ...(traceparent !== undefined && { traceparent }),
});

export const PROCESS_MANAGERS: Actor = { sub: 'process-managers', role: 'system' };

/**
 * Returns the context of a command that `actor` sends for an instance. `what` names the command within the instance, so
 * that a repetition by any process has the same command id.
 */
export const contextOf = (actor: string, id: string, what: string, cause: Cause): CommandContext => ({
  commandId: `${actor}:${id}:${what}`,
  correlationId: id,
  causationId: cause.id,
  actor: { sub: actor, role: 'system' },
  ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
});
