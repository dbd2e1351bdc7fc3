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
import { type ProblemRow, problem } from '../../platform/http/response/problems.ts';

const retryAfter = (seconds: number) => ({ 'retry-after': String(seconds) });

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
  problem(QueueFull, () => ({
    status: 503,
    code: 'queue-full',
    title: 'Too many commands are waiting',
    headers: retryAfter(1),
  })),
  problem(ConcurrencyConflict, () => ({
    status: 503,
    code: 'contended',
    title: 'Too many concurrent writes',
    headers: retryAfter(1),
  })),
  problem(EventStoreFull, () => ({
    status: 503,
    code: 'event-store-full',
    title: 'The event store is full',
    // A command that writes two streams may have written the first.
    detail: "the event store's disk is full; a request with an Idempotency-Key can be sent again safely",
    headers: retryAfter(5),
  })),
  problem(EventStoreUnavailable, () => ({
    status: 503,
    code: 'event-store-away',
    title: 'The event store is unavailable',
    // A command that writes two streams may have written the first.
    detail: 'the event store does not respond; a request with an Idempotency-Key can be sent again safely',
    headers: retryAfter(5),
  })),
  problem(AppendOutcomeUnknown, () => ({
    status: 503,
    code: 'outcome-unknown',
    title: 'Outcome unknown',
    detail:
      'the event store did not respond, so the request may have succeeded or not; a request with an Idempotency-Key can be sent again safely',
    headers: retryAfter(5),
  })),
  problem(NewerEventVersion, () => ({
    status: 503,
    code: 'newer-event',
    title: 'Written by a newer version',
    detail: 'the stream has events of a newer version than this process supports',
    headers: retryAfter(5),
  })),
];
