import type { DomainEvent } from '../../domain/kernel/event.ts';
import { appendBytes } from '../../event-store/codec/event-size.ts';
import type { Position, RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { NewEvent } from '../../event-store/event-store.ts';
import type { CommandContext, CommandRequest } from '../command-handler.ts';
import { KeyReused, StaleRevision } from '../errors.ts';
import { type Folded, nextRevision } from '../state/folded.ts';

/** A request without its types, which only its caller knows. */
export type AnyRequest = CommandRequest<unknown, unknown, DomainEvent>;

/** The decision on one command of a batch. */
export type Decision =
  | {
      readonly kind: 'decided';
      readonly events: readonly DomainEvent[];
      /** Index of its first event in the batch; absent if the command adds none to it. */
      readonly at?: number;
      readonly state: unknown;
      readonly revision: bigint | undefined;
      /** Position of its events, if the stream had them before this batch. */
      readonly position?: Position;
    }
  | { readonly kind: 'rejected'; readonly error: unknown };

export interface DecidedBatch {
  /** One decision per command, in order. The remaining commands did not fit into the append. */
  readonly decisions: readonly Decision[];
  readonly events: readonly NewEvent[];
  /** The state once the events are appended. */
  readonly state: unknown;
  readonly revision: bigint | undefined;
}

/**
 * Decides commands in order, each on the state that the previous ones lead to, until their events would exceed `maxBytes`.
 * The first command always fits. `seen` are the events of the stream among which a keyed command looks for its own.
 */
export function decideBatch(
  commands: readonly AnyRequest[],
  folded: Folded,
  seen: readonly RecordedEvent[],
  maxBytes: number,
): DecidedBatch {
  const decisions: Decision[] = [];
  const events: NewEvent[] = [];
  const keyed = new Map<string, { readonly fingerprint: string | undefined; readonly decision: Decision }>();
  let { state, revision } = folded;
  let bytes = 0;
  for (const request of commands) {
    const { commandId, fingerprint } = request.context;
    const before =
      request.lookFrom === undefined
        ? undefined
        : (findDecision(request, seen, state) ?? keyed.get(commandId));
    if (before !== undefined) {
      decisions.push(
        before.fingerprint === fingerprint ? before.decision : { kind: 'rejected', error: new KeyReused() },
      );
      continue;
    }
    const decision = decideOne(request, state, revision);
    if (decision.kind === 'decided' && decision.events.length > 0) {
      const decided = decision.events.map((event, index) => newEvent(event, request.context, index));
      const size = commands.length === 1 ? 0 : sizeOf(decided);
      if (events.length > 0 && bytes + size > maxBytes) break;
      bytes += size;
      const placed = { ...decision, at: events.length };
      decisions.push(placed);
      events.push(...decided);
      ({ state, revision } = decision);
      keyed.set(commandId, { fingerprint, decision: placed });
    } else decisions.push(decision);
  }
  return { decisions, events, state, revision };
}

function decideOne(
  { stream, decider, command, ifMatch }: AnyRequest,
  state: unknown,
  revision: bigint | undefined,
): Decision {
  if (ifMatch?.includes(revision ?? 'none') === false) {
    return { kind: 'rejected', error: new StaleRevision(stream, revision, ifMatch) };
  }
  try {
    const events = decider.decide(command, state);
    if (events.length === 0) return { kind: 'decided', events, state, revision };
    return {
      kind: 'decided',
      events,
      state: events.reduce((folded, event) => decider.evolve(folded, event), state),
      revision: nextRevision({ revision }) + BigInt(events.length - 1),
    };
  } catch (error) {
    return { kind: 'rejected', error };
  }
}

/** Returns the decision of an earlier execution of the same command, if the stream has events of it. */
function findDecision(
  { context: { commandId }, lookFrom = 0n }: AnyRequest,
  seen: readonly RecordedEvent[],
  state: unknown,
): { readonly fingerprint: string | undefined; readonly decision: Decision } | undefined {
  const own = seen.filter(
    ({ revision, metadata }) => revision >= lookFrom && metadata.commandId === commandId,
  );
  const first = own[0];
  const last = own.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { revision, position } = last;
  return {
    fingerprint: first.metadata.fingerprint,
    decision: { kind: 'decided', events: own.map(({ event }) => event), state, revision, position },
  };
}

/** The first event of a command has its fingerprint. */
function newEvent(event: DomainEvent, context: CommandContext, index: number): NewEvent {
  const { correlationId, causationId, commandId, actor, requestId, traceparent, fingerprint } = context;
  return {
    event,
    metadata: {
      $correlationId: correlationId,
      $causationId: causationId,
      commandId,
      actor,
      ...(requestId !== undefined && { requestId }),
      ...(traceparent !== undefined && { traceparent }),
      ...(fingerprint !== undefined && index === 0 && { fingerprint }),
    },
  };
}

const sizeOf = (events: readonly NewEvent[]): number =>
  events.reduce(
    (total, { event, metadata }) =>
      total + appendBytes(event.type, JSON.stringify(event.data), JSON.stringify(metadata)),
    0,
  );
