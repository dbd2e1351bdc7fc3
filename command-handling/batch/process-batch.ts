import type { DomainEvent } from '../../domain/kernel/event.ts';
import { AppendTooLarge, InvalidEvent } from '../../event-store/errors.ts';
import type { CommandResult } from '../command-handler.ts';
import type { Folded } from '../state/folded.ts';
import { type BatchOptions, decideAndAppend, isAppended } from './decide-and-append.ts';
import type { AnyRequest, Decision } from './decide-batch.ts';
import type { Waiting } from './stream-queues.ts';

/** A command in a queue, and the promise of its caller. */
export interface Job {
  readonly request: AnyRequest;
  readonly resolve: (result: CommandResult<unknown, DomainEvent>) => void;
  readonly reject: (error: unknown) => void;
  /** Decide it in a batch of its own: its previous batch failed, or was decided on a stale state. */
  alone?: boolean;
}

/** Takes commands from the front of the queue of a stream, decides them together, appends their events and settles them. */
export async function processBatch(
  stream: string,
  waiting: Waiting<Job>,
  options: BatchOptions,
): Promise<void> {
  const [first, ...others] = takeBatch(waiting, options.limits.batch);
  if (first === undefined) return;
  const jobs = [first, ...others];
  const { decider } = first.request;
  const requests = jobs.map(({ request }) => request);
  try {
    const { decisions, folded, ids, isStale } = await decideAndAppend(stream, decider, requests, options);
    options.cache(decider, folded);
    const undecided: Job[] = [];
    for (const [index, job] of jobs.entries()) {
      const decision = decisions[index];
      if (decision === undefined) undecided.push(job);
      else if (isStale && !isAppended(decision)) undecided.push(Object.assign(job, { alone: true }));
      else if (decision.kind === 'rejected') job.reject(decision.error);
      else job.resolve(resultOf(decision, ids, folded));
    }
    if (undecided.length > 0) waiting.putBack(undecided);
  } catch (error) {
    options.evict();
    if (jobs.length > 1 && isCausedByOneCommand(error)) {
      for (const job of jobs) job.alone = true;
      waiting.putBack(jobs);
    } else {
      for (const job of jobs) job.reject(error);
    }
  }
}

const resultOf = (
  { events, at, state, revision, position }: Extract<Decision, { kind: 'decided' }>,
  ids: readonly string[],
  folded: Folded,
): CommandResult<unknown, DomainEvent> => ({
  events,
  ids: at === undefined ? [] : ids.slice(at, at + events.length),
  state,
  revision,
  position: position ?? folded.position,
});

/** Takes the commands at the front that can be decided together. */
function takeBatch(waiting: Waiting<Job>, atMost: number): Job[] {
  const taken = waiting.take(atMost);
  const end = taken.findIndex((job, index) => index > 0 && (taken[0]?.alone || job.alone));
  if (end > 0) waiting.putBack(taken.splice(end));
  return taken;
}

const isCausedByOneCommand = (error: unknown): boolean =>
  error instanceof InvalidEvent || error instanceof AppendTooLarge;
