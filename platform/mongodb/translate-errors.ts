import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoErrorLabel,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  type WriteError,
} from 'mongodb';
import { withTimeout } from '../async/timeout.ts';

const DUPLICATE_KEY = 11000;
const BAD_VALUE = 2;
const OUT_OF_DISK_SPACE = 14031;
/** Unauthorized, AuthenticationFailed. */
const NOT_AUTHORIZED = new Set([13, 18]);
/** No primary, shutting down, or a majority that was not reached in time or is unknown. */
const TEMPORARY = new Set([6, 7, 50, 64, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Longer than two attempts with all timeouts of client.ts: without a response by then, none may ever come (heartbeats.ts). */
const LIMIT_MS = 90_000;

/** Names of errors without an exported class: too many operations wait for a connection, or the client is being closed. */
const POOL = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);

type ErrorClass = new (message: string, options?: ErrorOptions) => Error;

/** A store's own errors. */
export interface StoreErrors {
  /** The variable that holds the URL, such as `READ_STORE_URL`. */
  readonly setting: string;
  /** The store in messages, such as `read store`. */
  readonly store: string;
  /** A retry may succeed. */
  readonly unavailable: ErrorClass;
  readonly full: ErrorClass;
  /** An operator has to act. */
  readonly unusable: ErrorClass;
}

/** Returns functions that run operations of MongoDB and translate its errors to those of a store. */
export function createErrorTranslation(errors: StoreErrors) {
  const withinLimit = <Result>(work: Promise<Result>): Promise<Result> =>
    withTimeout(work, LIMIT_MS, () => new errors.unavailable('MongoDB: no response'));

  /** Runs an operation and translates its errors. Without a response in time the store is unavailable and the outcome unknown. */
  async function translateErrors<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await withinLimit(work());
    } catch (error) {
      throw translate(error, errors);
    }
  }

  /**
   * Runs a conditional upsert and ignores a duplicate id. When the stored document does not match the filter (it is newer, say),
   * the server tries to insert another one with the same id and fails: nothing changes, and this is not an error. Returns the
   * result of the upsert; undefined when it met a duplicate id.
   */
  async function ignoreDuplicateId<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await withinLimit(work());
    } catch (error) {
      if (error instanceof MongoServerError && isDuplicateId(error.code, error.message)) return undefined;
      throw translate(error, errors);
    }
  }

  /** Like `ignoreDuplicateId` for many unordered writes. Returns the indexes of the writes that changed nothing. */
  async function ignoreDuplicateIds(work: () => Promise<unknown>): Promise<readonly number[]> {
    try {
      await withinLimit(work());
      return [];
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw translate(error, errors);
      const rejected: readonly WriteError[] = [error.writeErrors].flat();
      const others = rejected.filter(({ code, errmsg = '' }) => !isDuplicateId(code, errmsg));
      const unconfirmed = error.result.getWriteConcernError();
      if (others.length === 0 && unconfirmed !== undefined)
        throw new errors.unavailable(`MongoDB: ${unconfirmed.errmsg}`, { cause: error });
      if (others.length > 0 || rejected.length === 0) throw translate(error, errors);
      return rejected.map(({ index }) => index);
    }
  }

  return { translateErrors, ignoreDuplicateId, ignoreDuplicateIds };
}

/** A duplicate id. A duplicate of another index, which an operator made unique, would be a lost document. */
const isDuplicateId = (code: unknown, message: string): boolean =>
  code === DUPLICATE_KEY && !/ index: (?!_id_ )\S+ dup key/.test(message);

function translate(error: unknown, { setting, store, ...errors }: StoreErrors): unknown {
  // The cluster's name cannot be resolved, or the server closed the socket during a write.
  if (error instanceof Error && ('syscall' in error || ('code' in error && error.code === 'EPIPE')))
    return new errors.unavailable(`MongoDB: ${error.message}`, { cause: error });
  if (!(error instanceof MongoError)) return error;
  const code = typeof error.code === 'number' ? error.code : 0;
  if (code === BAD_VALUE && /hint provided does not correspond/.test(error.message))
    return new errors.unavailable('MongoDB: an index is missing; the projections create it when they start', {
      cause: error,
    });
  if (code === OUT_OF_DISK_SPACE) return new errors.full(`the ${store}'s disk is full`, { cause: error });
  if (NOT_AUTHORIZED.has(code))
    return new errors.unusable(
      `MongoDB denies access (${error.message}): check user, password and database of ${setting}`,
      { cause: error },
    );
  const isTemporary =
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoClientClosedError ||
    error instanceof MongoExpiredSessionError ||
    error instanceof MongoServerClosedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoOperationTimeoutError ||
    error.hasErrorLabel(MongoErrorLabel.RetryableWriteError) ||
    POOL.has(error.name) ||
    TEMPORARY.has(code);
  return isTemporary ? new errors.unavailable(`MongoDB: ${error.message}`, { cause: error }) : error;
}
