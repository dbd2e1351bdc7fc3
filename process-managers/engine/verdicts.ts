import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { ConcurrencyConflict, QueueFull } from '../../command-handling/errors.ts';
import { DomainError } from '../../domain/kernel/domain-error.ts';
import {
  AppendOutcomeUnknown,
  AppendTooLarge,
  EventStoreUnavailable,
  InvalidEvent,
  StreamDeleted,
  UnreadableEvent,
  WrongRevision,
} from '../../event-store/errors.ts';
import { KeyStoreUnavailable } from '../../key-store/errors.ts';
import { atMost } from '../../platform/at-most.ts';
import { ReadStoreUnavailable } from '../../read-store/errors.ts';
import type { WhyParked } from './parking/parking.ts';

/** Permanent errors: a defect in the program, an event that it cannot read, a rejection that was not expected. */
const PERMANENT = [
  TypeError,
  RangeError,
  ReferenceError,
  SyntaxError,
  DomainError,
  AppendTooLarge,
  InvalidEvent,
  UnreadableEvent,
  StreamDeleted,
];

/** A store is unavailable, or another writer was faster. Retried for as long as it takes. */
const OUTAGES = [
  EventStoreUnavailable,
  ReadStoreUnavailable,
  KeyStoreUnavailable,
  AppendOutcomeUnknown,
  WrongRevision,
  QueueFull,
  ConcurrencyConflict,
];

/** Returns whether a retry may succeed. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Error && !PERMANENT.some((fault) => error instanceof fault);
/** Creates a policy that retries work up to five times, with backoff, while its errors are passing. */
export const retryPassing = () =>
  retry(handleWhen(isPassing), {
    maxAttempts: 5,
    backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }),
  });
/** Returns whether an error is an unavailable store or a conflict, which affects many orders at once. */
export const isOutage = (error: unknown): boolean => OUTAGES.some((fault) => error instanceof fault);

/** Number of retries before work is parked, for errors that are neither permanent nor an outage. */
export const RETRIES = 10;
/** Maximum number of work items whose failures are counted; the oldest are dropped. */
const REMEMBERED = 10_000;

/** What to do about failed work: retry it later, or park it. */
export type Judgement =
  | { readonly giveUp: false; readonly detail: string }
  | ({ readonly giveUp: true } & WhyParked);

export interface Judge {
  /** Judges a failure; `work` names what failed. */
  readonly failed: (work: string, error: unknown) => Judgement;
  readonly succeeded: (work: string) => void;
}

/** Permanent errors park at once. Outages are retried and never counted; all other errors are retried `RETRIES` times. */
export function createJudge(): Judge {
  const failures = new LRUCache<string, number>(atMost(REMEMBERED));
  return {
    failed: (work, error) => {
      const detail = describeError(error);
      if (!isPassing(error)) return { giveUp: true, reason: 'permanent-error', detail };
      if (isOutage(error)) return { giveUp: false, detail };
      const count = (failures.get(work) ?? 0) + 1;
      failures.set(work, count);
      if (count <= RETRIES) return { giveUp: false, detail };
      failures.delete(work);
      return {
        giveUp: true,
        reason: 'retries-exhausted',
        detail: `still failing after ${RETRIES} retries: ${detail}`,
      };
    },
    succeeded: (work) => void failures.delete(work),
  };
}

export const describeError = (error: unknown): string =>
  error instanceof Error
    ? `${error.name}: ${error.message}`
    : `a value that is not an Error was thrown: ${String(error)}`;
