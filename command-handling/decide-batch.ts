import type { DomainEvent } from '../domain/kernel/event.ts';
import { appendBytes } from '../event-store/append/append-size.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { NewEvent } from '../event-store/event-store.ts';
import type { CommandContext, CommandRequest } from './command-handler.ts';
import { KeyReused, StaleRevision } from './errors.ts';
import { type Folded, nextRevision } from './folded.ts';

type Deciding = CommandRequest<unknown, unknown, DomainEvent>;

/** What became of one command of a batch. */
export type Decision =
  | {
      readonly kind: 'decided';
      readonly events: readonly DomainEvent[];
      /** Where they stand among those of the batch; absent when they are not of it. */
      readonly at?: number;
      readonly state: unknown;
      readonly revision: bigint | undefined;
    }
  | { readonly kind: 'refused'; readonly error: unknown };

export interface DecidedBatch {
  /** One for each command, in order; the commands behind them did not fit into the append. */
  readonly decisions: readonly Decision[];
  readonly events: readonly NewEvent[];
  /** The state after the batch, once its events are appended. */
  readonly state: unknown;
  readonly revision: bigint | undefined;
}

/**
 * Decides commands one after another, each on the state that those before it lead to, as far as their events fit into one
 * append of `maxBytes`; the first always does. `seen` are the stream's events that a keyed command may have led to before.
 */
export function decideBatch(
  commands: readonly Deciding[],
  folded: Folded,
  seen: readonly RecordedEvent[],
  maxBytes: number,
): DecidedBatch {
  const decisions: Decision[] = [];
  const events: NewEvent[] = [];
  const keyed = new Map<string, { readonly fingerprint: string | undefined; readonly decision: Decision }>();
  let { state, revision } = folded;
  let bytes = 0;
  for (const deciding of commands) {
    const { commandId, fingerprint } = deciding.context;
    const before =
      deciding.lookFrom === undefined
        ? undefined
        : (doneBefore(deciding, seen, state) ?? keyed.get(commandId));
    if (before !== undefined) {
      decisions.push(
        before.fingerprint === fingerprint ? before.decision : { kind: 'refused', error: new KeyReused() },
      );
      continue;
    }
    const decision = decideOne(deciding, state, revision);
    if (decision.kind === 'decided' && decision.events.length > 0) {
      const decided = decision.events.map((event, index) => newEvent(event, deciding.context, index));
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
  { stream, decider, command, ifMatch }: Deciding,
  state: unknown,
  revision: bigint | undefined,
): Decision {
  if (ifMatch?.includes(revision ?? 'none') === false) {
    return { kind: 'refused', error: new StaleRevision(stream, revision, ifMatch) };
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
    return { kind: 'refused', error };
  }
}

/** What the same command led to before, if it did. */
function doneBefore(
  { context: { commandId }, lookFrom = 0n }: Deciding,
  seen: readonly RecordedEvent[],
  state: unknown,
): { readonly fingerprint: string | undefined; readonly decision: Decision } | undefined {
  const own = seen.filter(
    ({ revision, metadata }) => revision >= lookFrom && metadata.commandId === commandId,
  );
  const first = own[0];
  const last = own.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    fingerprint: first.metadata.fingerprint,
    decision: { kind: 'decided', events: own.map(({ event }) => event), state, revision: last.revision },
  };
}

/** The fingerprint stands on the first event of its command. */
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
