import { ParkedRequestFailed } from '../../cli/parked/operator-api.ts';
import { NotASalesFile } from '../../cli/replay/file/rows.ts';
import { ShopUnavailable } from '../../cli/replay/shop/retry-policy.ts';
import { UnexpectedResponse } from '../../cli/replay/shop/shop.ts';
import { PortUnavailable } from '../../embedded/network/port-unavailable.ts';
import { LogUnavailable } from '../../embedded/storage/errors.ts';
import { DataVersionMismatch, EventStoreChanged, EventStoreUnavailable } from '../../event-store/errors.ts';
import { ConfigError, ConfigErrors } from '../../platform/config/config.ts';
import { CannotListen } from '../../platform/http/server/listen.ts';
import { RebuildInProgress } from '../../projections/rebuild/rebuild-requests.ts';
import { RebuildFailed } from '../../projections/rebuild/request-rebuild.ts';
import { ReadStoreUnavailable, ReadStoreUnusable } from '../../read-store/errors.ts';
import { ChildEnded } from './processes/child-process.ts';

/** Errors that are no fault of the program. Their message is one sentence for the user. */
const EXPECTED = [
  ChildEnded,
  CannotListen,
  ConfigError,
  ConfigErrors,
  PortUnavailable,
  LogUnavailable,
  EventStoreUnavailable,
  EventStoreChanged,
  DataVersionMismatch,
  ReadStoreUnavailable,
  ReadStoreUnusable,
  RebuildFailed,
  RebuildInProgress,
  ShopUnavailable,
  UnexpectedResponse,
  ParkedRequestFailed,
  NotASalesFile,
] as const;

/** Returns whether the message of an error is enough for the user, without a stack trace. */
export const isExpected = (error: unknown): error is Error => EXPECTED.some((kind) => error instanceof kind);

/** Returns the text to print for an error, and the exit code: 2 for a file that cannot be used, else 1. */
export function sentenceFor(error: unknown): { readonly text: string; readonly code: number } {
  if (isExpected(error)) {
    return { text: error.message, code: error instanceof NotASalesFile ? 2 : 1 };
  }
  if (isSystemError(error)) return { text: `${error.message}`, code: 1 };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 1 };
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;
