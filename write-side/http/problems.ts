import { ConcurrencyConflict, KeyReused, QueueFull, StaleRevision } from '../../command-handling/errors.ts';
import { DomainError, NotFound } from '../../domain/kernel/domain-error.ts';
import { SessionNotValid } from '../../domain/session/errors.ts';
import { TokenNotValid } from '../../domain/user/errors.ts';
import {
  AppendOutcomeUnknown,
  AppendTooLarge,
  EventStoreFull,
  EventStoreUnavailable,
  NewerEventVersion,
  StreamDeleted,
} from '../../event-store/errors.ts';
import { KeyStoreUnavailable, KeyStoreUnusable, PersonForgotten } from '../../key-store/errors.ts';
import { type ProblemRow, problem } from '../../platform/http/response/problems.ts';
import { OrdersAreOpen } from '../accounts/forget-account.ts';
import { LogInFailed } from '../sessions/log-in-failed.ts';

// Also for errors that name no written event: a command that writes two streams may have written the first.
const REPEATABLE = 'a request with an Idempotency-Key can be sent again safely';

/** A response 401 names a way to authenticate (RFC 9110, 11.6.1). */
const CHALLENGE = { headers: { 'www-authenticate': 'Bearer' } };

/** The HTTP problem of each error of the command API. */
export const commandProblems: readonly ProblemRow[] = [
  problem(NotFound, 404, 'not-found', 'Not found', ({ data: { what } }) => ({ extra: { what } })),
  problem(LogInFailed, 401, 'log-in-failed', 'Not logged in', CHALLENGE),
  problem(SessionNotValid, 401, 'session-not-valid', 'No valid session', CHALLENGE),
  problem(TokenNotValid, 422, 'token-not-valid', 'The token is not valid', {
    errors: [{ path: 'token', message: 'is not valid: expired, used before, or incomplete' }],
  }),
  problem(OrdersAreOpen, 409, 'open-orders', 'Orders are open', ({ data: { orderIds } }) => ({
    extra: { orderIds },
  })),
  problem(DomainError, 409, ({ code }) => code, 'The current state forbids it'),
  problem(StaleRevision, 412, 'stale-revision', 'Stale revision', ({ actual }) => ({
    extra: { revision: actual === undefined ? null : String(actual) },
  })),
  problem(KeyReused, 422, 'idempotency-key-reused', 'Idempotency-Key used before'),
  problem(AppendTooLarge, 422, 'too-large-to-record', 'Too large to record', {
    detail: 'the events of this request exceed the maximum of 1 MiB',
  }),
  problem(StreamDeleted, 409, 'deleted', 'Deleted'),
  problem(QueueFull, 503, 'queue-full', 'Too many commands are waiting', { retryAfterSeconds: 1 }),
  problem(ConcurrencyConflict, 503, 'contended', 'Too many concurrent writes', { retryAfterSeconds: 1 }),
  problem(EventStoreFull, 503, 'event-store-full', 'The event store is full', {
    detail: `the event store's disk is full; ${REPEATABLE}`,
    retryAfterSeconds: 5,
  }),
  problem(EventStoreUnavailable, 503, 'event-store-away', 'The event store is unavailable', {
    detail: `the event store does not respond; ${REPEATABLE}`,
    retryAfterSeconds: 5,
  }),
  problem(PersonForgotten, 409, 'person-forgotten', 'The person was forgotten'),
  problem(KeyStoreUnavailable, 503, 'key-store-away', 'The key store is unavailable', {
    detail: `the key store does not respond, so personal data cannot be encrypted; ${REPEATABLE}`,
    retryAfterSeconds: 5,
  }),
  problem(KeyStoreUnusable, 503, 'key-store-unusable', 'The key store cannot be used', {
    detail: 'an operator has to look after the key store; the log says why',
    retryAfterSeconds: 60,
  }),
  problem(AppendOutcomeUnknown, 503, 'outcome-unknown', 'Outcome unknown', {
    detail: `the event store did not respond, so the request may have succeeded or not; ${REPEATABLE}`,
    retryAfterSeconds: 5,
  }),
  problem(NewerEventVersion, 503, 'newer-event', 'Written by a newer version', {
    detail: 'the stream has events of a newer version than this process supports',
    retryAfterSeconds: 5,
  }),
];
