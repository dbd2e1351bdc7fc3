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
import { withTimeout } from '../../platform/async/timeout.ts';
import { ReadStoreFull, ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';

const DUPLICATE_KEY = 11000;
const BAD_VALUE = 2;
const OUT_OF_DISK_SPACE = 14031;
/** Unauthorized, AuthenticationFailed. */
const REFUSED = new Set([13, 18]);
/** No primary at present, shutting down, or a majority that could not be reached in time or is not known of yet. */
const PASSING = new Set([6, 7, 50, 64, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Longer than two tries with all the waits of client.ts: what has no answer by then may never have one (heartbeats.ts). */
const LIMIT_MS = 90_000;

/** The driver exports no class for them: too many wait for a connection, or the client is being closed. */
const POOL = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);

/** Runs an operation; its errors come as those of the port. One that is not answered is away, its outcome unknown. */
export async function translateErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await withinLimit(work());
  } catch (error) {
    throw translate(error);
  }
}

/**
 * Runs an upsert whose filter is a fence. When the fence holds, the filter does not match the document that is there, and
 * inserting another with its id fails: that is no error.
 */
export async function fenced(work: () => Promise<unknown>): Promise<void> {
  try {
    await withinLimit(work());
  } catch (error) {
    if (!(error instanceof MongoServerError && isFence(error.code, error.message))) throw translate(error);
  }
}

/** The same, answering whether the fence let it pass. */
export async function passes(work: () => Promise<number>): Promise<boolean> {
  let changed = 0;
  await fenced(async () => {
    changed = await work();
  });
  return changed > 0;
}

/** The same for many, unordered, each with a fence or an id of its own. Answers the places of those that were refused. */
export async function fencedBulk(work: () => Promise<unknown>): Promise<readonly number[]> {
  try {
    await withinLimit(work());
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw translate(error);
    const refused: readonly WriteError[] = [error.writeErrors].flat();
    const others = refused.filter(({ code, errmsg = '' }) => !isFence(code, errmsg));
    const unconfirmed = error.result.getWriteConcernError();
    if (others.length === 0 && unconfirmed !== undefined)
      throw new ReadStoreUnavailable(`MongoDB: ${unconfirmed.errmsg}`, { cause: error });
    if (others.length > 0 || refused.length === 0) throw translate(error);
    return refused.map(({ index }) => index);
  }
}

/** A duplicate id. One of another index, which somebody made unique, would be a document lost. */
const isFence = (code: unknown, message: string): boolean =>
  code === DUPLICATE_KEY && !/ index: (?!_id_ )\S+ dup key/.test(message);

const withinLimit = <Result>(work: Promise<Result>): Promise<Result> =>
  withTimeout(work, LIMIT_MS, () => new ReadStoreUnavailable('MongoDB: no answer'));

function translate(error: unknown): unknown {
  // The name of a cluster that cannot be looked up; a socket that the server closed while it was written to.
  if (error instanceof Error && ('syscall' in error || ('code' in error && error.code === 'EPIPE')))
    return new ReadStoreUnavailable(`MongoDB: ${error.message}`, { cause: error });
  if (!(error instanceof MongoError)) return error;
  const code = typeof error.code === 'number' ? error.code : 0;
  if (code === BAD_VALUE && /hint provided does not correspond/.test(error.message))
    return new ReadStoreUnavailable(
      'MongoDB: an index is not there; the projections make it when they start',
      {
        cause: error,
      },
    );
  if (code === OUT_OF_DISK_SPACE) return new ReadStoreFull("the read store's disk is full", { cause: error });
  if (REFUSED.has(code))
    return new ReadStoreUnusable(
      `MongoDB refuses us (${error.message}): check user, password and database of READ_STORE_URL`,
      { cause: error },
    );
  const isPassing =
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
    PASSING.has(code);
  return isPassing ? new ReadStoreUnavailable(`MongoDB: ${error.message}`, { cause: error }) : error;
}
