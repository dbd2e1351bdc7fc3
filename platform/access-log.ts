import type { Logger } from 'winston';
import { withoutSecrets } from './redact.ts';

/** One request, once its response has ended. Nothing of its path, query, headers or body but what stands here. */
export interface AccessEntry {
  readonly method: string;
  /** As it is declared: `/api/v1/orders/:orderId`; `other` where there is none. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestId: string;
  readonly callerRole?: string | undefined;
  /** The connection was gone before all was sent. */
  readonly cutOff?: true | undefined;
}

export type AccessLog = (entry: AccessEntry) => void;

/** Writes entries as the logger does, for people: fit for a terminal. */
export const accessLogForPeople =
  (logger: Pick<Logger, 'info'>): AccessLog =>
  (entry) =>
    void logger.info(MESSAGE, entry);

const MESSAGE = 'request answered';
/** Entries are written together so often. */
const TOGETHER_MS = 20;

/**
 * Writes entries as JSON lines, like those of the logger. Lines are collected for a moment: a write for each would cost
 * more than all the rest. What is left is written when the process exits.
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
  return ({ method, route, status, durationMs, requestId, callerRole, cutOff }) => {
    if (lines === '') setTimeout(flush, TOGETHER_MS).unref();
    lines += `${JSON.stringify({
      method,
      route,
      status,
      durationMs,
      requestId: withoutSecrets('', requestId),
      callerRole,
      cutOff,
      level: 'info',
      message: MESSAGE,
      role,
      timestamp: new Date().toISOString(),
    })}\n`;
  };
}
