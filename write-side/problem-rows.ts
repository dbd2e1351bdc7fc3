import { ConcurrencyConflict, KeyReused, QueueFull, StaleRevision } from '../command-handling/errors.ts';
import { AmountTooLarge, CurrencyMismatch } from '../domain/kernel/money.ts';
import { NotFound, Refusal } from '../domain/kernel/refusal.ts';
import {
  AppendOutcomeUnknown,
  AppendTooLarge,
  EventStoreAway,
  EventStoreFull,
  NewerEventVersion,
  StreamGone,
} from '../event-store/errors.ts';
import { type ProblemRow, problem } from '../platform/http/response/problems.ts';

const again = (seconds: number) => ({ 'retry-after': String(seconds) });

/** How the errors of the write side are answered. */
export const commandProblems: readonly ProblemRow[] = [
  problem(NotFound, ({ code, what }) => ({ status: 404, code, title: 'Not found', extra: { what } })),
  problem(Refusal, ({ code }) => ({ status: 409, code, title: 'Not possible now' })),
  problem(StaleRevision, ({ actual }) => ({
    status: 412,
    code: 'stale-revision',
    title: 'Another revision holds',
    extra: { revision: actual === undefined ? null : String(actual) },
  })),
  problem(KeyReused, () => ({
    status: 422,
    code: 'idempotency-key-reused',
    title: 'Idempotency-Key used before',
  })),
  problem(CurrencyMismatch, ({ message }) => ({
    status: 422,
    code: 'currency-mismatch',
    title: 'Several currencies',
    errors: [{ path: 'items', message }],
  })),
  problem(AmountTooLarge, ({ message }) => ({
    status: 422,
    code: 'amount-too-large',
    title: 'Amount too large',
    errors: [{ path: 'items', message }],
  })),
  problem(AppendTooLarge, () => ({
    status: 422,
    code: 'too-large-to-record',
    title: 'Too large to record',
    detail: 'what this would record is beyond the 1 MiB that one write may carry',
  })),
  problem(StreamGone, () => ({ status: 409, code: 'deleted', title: 'Deleted for good' })),
  problem(QueueFull, () => ({
    status: 503,
    code: 'queue-full',
    title: 'Too much is waiting',
    headers: again(1),
  })),
  problem(ConcurrencyConflict, () => ({
    status: 503,
    code: 'contended',
    title: 'Too many write at once',
    headers: again(1),
  })),
  problem(EventStoreFull, () => ({
    status: 503,
    code: 'event-store-full',
    title: 'The event store is full',
    // A command that writes two streams may have written the first.
    detail: "the event store's disk is full; with an Idempotency-Key this can be sent again safely",
    headers: again(5),
  })),
  problem(EventStoreAway, () => ({
    status: 503,
    code: 'event-store-away',
    title: 'The event store is away',
    // A command that writes two streams may have written the first.
    detail: 'the event store does not answer; with an Idempotency-Key this can be sent again safely',
    headers: again(5),
  })),
  problem(AppendOutcomeUnknown, () => ({
    status: 503,
    code: 'outcome-unknown',
    title: 'Outcome unknown',
    detail:
      'the event store did not answer: this may have been done or not; with an Idempotency-Key it can be sent again safely',
    headers: again(5),
  })),
  problem(NewerEventVersion, () => ({
    status: 503,
    code: 'newer-event',
    title: 'Written by a newer version',
    detail: 'this process is older than what it would have to read; another may answer',
    headers: again(5),
  })),
];
