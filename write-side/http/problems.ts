import { ConcurrencyConflict, KeyReused, QueueFull, StaleRevision } from '../../command-handling/errors.ts';
import { DomainError, NotFound } from '../../domain/kernel/domain-error.ts';
import {
  AppendOutcomeUnknown,
  AppendTooLarge,
  EventStoreFull,
  EventStoreUnavailable,
  NewerEventVersion,
  StreamDeleted,
} from '../../event-store/errors.ts';
import { type ProblemParts, type ProblemRow, problem } from '../../platform/http/response/problems.ts';

/** Returns a problem that may pass by itself: the client may retry after so many seconds. */
const retryable = (seconds: number, code: string, title: string, detail?: string): ProblemParts => ({
  status: 503,
  code,
  title,
  ...(detail !== undefined && { detail }),
  headers: { 'retry-after': String(seconds) },
});

// Also for errors that name no written event: a command that writes two streams may have written the first.
const REPEATABLE = 'a request with an Idempotency-Key can be sent again safely';

/** The HTTP problem of each error of the command API. */
export const commandProblems: readonly ProblemRow[] = [
  problem(NotFound, ({ code, data: { what } }) => ({
    status: 404,
    code,
    title: 'Not found',
    extra: { what },
  })),
  problem(DomainError, ({ code }) => ({ status: 409, code, title: 'The current state forbids it' })),
  problem(StaleRevision, ({ actual }) => ({
    status: 412,
    code: 'stale-revision',
    title: 'Stale revision',
    extra: { revision: actual === undefined ? null : String(actual) },
  })),
  problem(KeyReused, () => ({
    status: 422,
    code: 'idempotency-key-reused',
    title: 'Idempotency-Key used before',
  })),
  problem(AppendTooLarge, () => ({
    status: 422,
    code: 'too-large-to-record',
    title: 'Too large to record',
    detail: 'the events of this request exceed the maximum of 1 MiB',
  })),
  problem(StreamDeleted, () => ({ status: 409, code: 'deleted', title: 'Deleted' })),
  problem(QueueFull, () => retryable(1, 'queue-full', 'Too many commands are waiting')),
  problem(ConcurrencyConflict, () => retryable(1, 'contended', 'Too many concurrent writes')),
  problem(EventStoreFull, () =>
    retryable(
      5,
      'event-store-full',
      'The event store is full',
      `the event store's disk is full; ${REPEATABLE}`,
    ),
  ),
  problem(EventStoreUnavailable, () =>
    retryable(
      5,
      'event-store-away',
      'The event store is unavailable',
      `the event store does not respond; ${REPEATABLE}`,
    ),
  ),
  problem(AppendOutcomeUnknown, () =>
    retryable(
      5,
      'outcome-unknown',
      'Outcome unknown',
      `the event store did not respond, so the request may have succeeded or not; ${REPEATABLE}`,
    ),
  ),
  problem(NewerEventVersion, () =>
    retryable(
      5,
      'newer-event',
      'Written by a newer version',
      'the stream has events of a newer version than this process supports',
    ),
  ),
];
