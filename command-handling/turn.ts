import type { DomainEvent } from '../domain/kernel/event.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import { AppendTooLarge, InvalidEvent, WrongRevision } from '../event-store/errors.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Logger } from '../event-store/logger.ts';
import { backoffMs, pause } from '../platform/async/backoff.ts';
import type { CommandRequest, CommandResult } from './command-handler.ts';
import { type DecidedBatch, type Decision, decideBatch } from './decide-batch.ts';
import { ConcurrencyConflict } from './errors.ts';
import { type AnyDecider, type Folded, foldTail, nextRevision, unfolded } from './folded.ts';
import type { Waiting } from './stream-queues.ts';

/** A command on its way, whatever its types. */
export interface Job {
  readonly request: CommandRequest<unknown, unknown, DomainEvent>;
  readonly resolve: (result: CommandResult<unknown, DomainEvent>) => void;
  readonly reject: (error: unknown) => void;
  /** What it shared an append with spoiled it, or left open what it was decided on: this time it goes by itself. */
  alone?: boolean;
}

export interface TurnParts {
  readonly store: EventStore;
  readonly logger: Logger;
  readonly limits: { readonly batch: number; readonly batchBytes: number; readonly attempts: number };
  /** The stream's folded state, as far as it is kept. */
  readonly recall: (decider: AnyDecider) => Folded | undefined;
  /** As it was kept in the store, where it was. */
  readonly loadSnapshot: (decider: AnyDecider) => Promise<Folded | undefined>;
  readonly remember: (decider: AnyDecider, folded: Folded) => void;
  readonly forget: () => void;
}

/** Decides the commands at the front of a stream's queue together, appends what they lead to, and answers each. */
export async function takeTurn(stream: string, waiting: Waiting<Job>, parts: TurnParts): Promise<void> {
  const [first, ...others] = takeTogether(waiting, parts.limits.batch);
  if (first === undefined) return;
  const jobs = [first, ...others];
  const { decider } = first.request;
  try {
    const { decisions, folded, ids, isOutdated } = await decideAndAppend(stream, decider, jobs, parts);
    parts.remember(decider, folded);
    const again: Job[] = [];
    for (const [index, job] of jobs.entries()) {
      const decision = decisions[index];
      if (decision === undefined) again.push(job);
      else if (isOutdated && !isAppended(decision)) again.push(Object.assign(job, { alone: true }));
      else if (decision.kind === 'refused') job.reject(decision.error);
      else job.resolve({ ...answerOf(decision, ids), position: folded.position });
    }
    if (again.length > 0) waiting.putBack(again);
  } catch (error) {
    parts.forget();
    if (jobs.length > 1 && isFaultOfOne(error)) {
      for (const job of jobs) job.alone = true;
      waiting.putBack(jobs);
    } else {
      for (const job of jobs) job.reject(error);
    }
  }
}

const answerOf = (
  { events, at, state, revision }: Extract<Decision, { kind: 'decided' }>,
  ids: readonly string[],
) => ({
  events,
  ids: at === undefined ? [] : ids.slice(at, at + events.length),
  state,
  revision,
});

/** The commands at the front that can be decided together. */
function takeTogether(waiting: Waiting<Job>, atMost: number): Job[] {
  const taken = waiting.take(atMost);
  const first = taken[0];
  const end = taken.findIndex(
    (job, index) =>
      index > 0 && (first?.alone || job.alone || job.request.decider !== first?.request.decider),
  );
  if (end > 0) waiting.putBack(taken.splice(end));
  return taken;
}

const isFaultOfOne = (error: unknown): boolean =>
  error instanceof InvalidEvent || error instanceof AppendTooLarge;

/** What a turn knows of its stream. */
interface Known {
  readonly folded: Folded;
  /** Events that keyed commands may have led to before. */
  readonly seen: readonly RecordedEvent[];
  /** Read in this turn, not only remembered. */
  readonly fresh: boolean;
}

interface Decided {
  readonly decisions: readonly Decision[];
  readonly folded: Folded;
  /** Of the events appended. */
  readonly ids: readonly string[];
  /** The stream went on beyond what was decided on: what was not appended is to be decided again. */
  readonly isOutdated: boolean;
}

const isAppended = (decision: Decision): boolean => decision.kind === 'decided' && decision.at !== undefined;

const contention = { firstMs: 2, maxMs: 100 };

/**
 * Decides until what was decided is appended, or until nothing is to be appended and that was decided on what the stream
 * holds now: an append proves by its expected revision that the state was current, a refusal or a no-op by itself does not.
 * Nor does an append for those beside it, for one that stood there already succeeds too: then the tail tells.
 */
async function decideAndAppend(
  stream: string,
  decider: AnyDecider,
  jobs: readonly Job[],
  parts: TurnParts,
): Promise<Decided> {
  const { store, logger, limits } = parts;
  const requests = jobs.map(({ request }) => request);
  let known = await startingPoint(stream, decider, requests, parts);
  for (let conflicts = 0; ; ) {
    const { folded, seen, fresh } = known;
    const batch = decideBatch(requests, folded, seen, limits.batchBytes);
    if (batch.events.length === 0) {
      if (fresh) return { decisions: batch.decisions, folded, ids: [], isOutdated: false };
    } else {
      const decided = await appendBatch(store, stream, folded, batch);
      if (decided !== undefined) {
        if (batch.decisions.every(isAppended)) return decided;
        return { ...decided, ...(await beyond(store, stream, decider, decided.folded)) };
      }
      conflicts += 1;
      if (conflicts >= limits.attempts) throw new ConcurrencyConflict(stream, conflicts);
      logger.info('a stream was written by others in between', { stream, conflicts });
      if (conflicts > 1) await pause(backoffMs(conflicts, contention));
    }
    known = await readOn(store, stream, decider, known, earliestLook(requests));
  }
}

/** Undefined when somebody else was there first. */
async function appendBatch(
  store: EventStore,
  stream: string,
  before: Folded,
  { events, state, revision, decisions }: DecidedBatch,
): Promise<Decided | undefined> {
  try {
    const { ids, position } = await store.append(stream, events, before.revision ?? 'no_stream');
    const folded: Folded = {
      state,
      revision,
      position,
      sinceSnapshot: before.sinceSnapshot + events.length,
    };
    return { decisions, folded, ids, isOutdated: false };
  } catch (error) {
    if (error instanceof WrongRevision) return undefined;
    throw error;
  }
}

/** What the stream holds beyond what was just appended. Where that cannot be read, there may be something. */
async function beyond(store: EventStore, stream: string, decider: AnyDecider, appended: Folded) {
  try {
    const { folded } = await foldTail(store, stream, decider, appended, undefined);
    return { folded, isOutdated: folded.revision !== appended.revision };
  } catch {
    return { folded: appended, isOutdated: true };
  }
}

type Requests = readonly CommandRequest<unknown, unknown, DomainEvent>[];

/** The state to decide on first: remembered, presumed new, or read. */
async function startingPoint(
  stream: string,
  decider: AnyDecider,
  requests: Requests,
  { store, recall, loadSnapshot }: TurnParts,
): Promise<Known> {
  const remembered = recall(decider);
  const presumedNew = requests.every(({ presumeNew }) => presumeNew === true);
  const start = remembered ?? (presumedNew ? undefined : await loadSnapshot(decider)) ?? unfolded(decider);
  const lookFrom = earliestLook(requests);
  // What a keyed command may have led to lies beyond what is remembered, and the append finds it: no need to read.
  const nothingToLookAt = lookFrom === undefined || lookFrom >= nextRevision(start);
  if ((remembered !== undefined || presumedNew) && nothingToLookAt) {
    return { folded: start, seen: [], fresh: false };
  }
  return { ...(await foldTail(store, stream, decider, start, lookFrom)), fresh: true };
}

async function readOn(
  store: EventStore,
  stream: string,
  decider: AnyDecider,
  { folded, seen }: Known,
  lookFrom: bigint | undefined,
): Promise<Known> {
  const beyond = nextRevision(folded);
  const look = lookFrom === undefined || lookFrom > beyond ? lookFrom : beyond;
  const tail = await foldTail(store, stream, decider, folded, look);
  return { folded: tail.folded, seen: [...seen, ...tail.seen], fresh: true };
}

/** From where on events matter to some keyed command. */
function earliestLook(requests: Requests): bigint | undefined {
  let earliest: bigint | undefined;
  for (const { lookFrom } of requests) {
    if (lookFrom !== undefined && (earliest === undefined || lookFrom < earliest)) earliest = lookFrom;
  }
  return earliest;
}
