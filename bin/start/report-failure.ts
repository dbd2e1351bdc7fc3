import { CommandFailed, NotASalesFile, ShopUnavailable, UnexpectedResponse } from '../../cli/errors.ts';
import { PortUnavailable } from '../../embedded/network/port-unavailable.ts';
import { LogUnavailable } from '../../embedded/storage/errors.ts';
import { DataVersionMismatch, EventStoreChanged, EventStoreUnavailable } from '../../event-store/errors.ts';
import { KeyStoreUnavailable, KeyStoreUnusable } from '../../key-store/errors.ts';
import { ConfigError, ConfigErrors } from '../../platform/config/config-error.ts';
import { CannotListen } from '../../platform/http/server/listen.ts';
import { RebuildInProgress } from '../../projections/rebuild/rebuild-requests.ts';
import { RebuildFailed } from '../../projections/rebuild/request-rebuild.ts';
import { ReadStoreUnavailable, ReadStoreUnusable } from '../../read-store/errors.ts';
import { CHILD_OPTION } from './processes/child-option.ts';
import { ChildEnded, sendToParent } from './processes/child-process.ts';

/** Errors that are no fault of the program: their message is one sentence for the user, printed without a stack trace. */
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
  KeyStoreUnavailable,
  KeyStoreUnusable,
  RebuildFailed,
  RebuildInProgress,
  ShopUnavailable,
  UnexpectedResponse,
  NotASalesFile,
  CommandFailed,
] as const;

/**
 * Reports why the process ends. Returns its exit code: that of a failed command, 2 for a file that cannot be used, else 1. A child process sends an
 * expected error to its parent, which prints the first one: several roles often fail for the same reason.
 */
export async function reportFailure(error: unknown): Promise<number> {
  const isExpected = EXPECTED.some((kind) => error instanceof kind);
  const text = textOf(error, isExpected);
  const isChild = process.argv.includes(CHILD_OPTION) && process.connected;
  if (isChild && isExpected) await sendToParent({ failure: text });
  else if (text) process.stderr.write(`${text}\n`);
  if (error instanceof CommandFailed) return error.exitCode;
  return error instanceof NotASalesFile ? 2 : 1;
}

/** Errors of the operating system need no stack trace either. */
function textOf(error: unknown, isExpected: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return isExpected || 'syscall' in error ? error.message : (error.stack ?? error.message);
}
