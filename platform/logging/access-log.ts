import type { Logger } from 'winston';
import { withoutSecrets } from './redact.ts';

/** One request whose response has ended. The log holds these fields alone: no path, query, header or body. */
export interface AccessEntry {
  readonly method: string;
  /** The path as the route declares it, such as `/api/v1/orders/:orderId`; `other` without a route. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestId: string;
  readonly callerRole?: string | undefined;
  /** The client closed the connection before the whole response was sent. */
  readonly cutOff?: true | undefined;
}

export type AccessLog = (entry: AccessEntry) => void;

/** Writes entries as text lines for a terminal, through the logger. */
export const accessLogText =
  (logger: Pick<Logger, 'info'>): AccessLog =>
  (entry) =>
    void logger.info(MESSAGE, entry);

const MESSAGE = 'request answered';
const FLUSH_AFTER_MS = 20;

/**
 * Writes entries as JSON lines in the format of the logger. Lines are batched, since a write per line would be the
 * largest cost of a request. The process writes the remaining lines when it exits.
 */
export function accessLogLines(
  role: string,
  write: (lines: string) => unknown = (lines) => process.stdout.write(lines),
): AccessLog {
  let lines = '';
  const flush = () => {
    if (lines !== '') write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return (entry) => {
    if (lines === '') setTimeout(flush, FLUSH_AFTER_MS).unref();
    lines += `${JSON.stringify({
      ...entry,
      requestId: withoutSecrets('', entry.requestId),
      level: 'info',
      message: MESSAGE,
      role,
      timestamp: new Date().toISOString(),
    })}\n`;
  };
}
