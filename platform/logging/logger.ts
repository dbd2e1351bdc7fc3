import { createLogger as createWinston, format, type Logger, transports } from 'winston';
import { withoutSecrets } from './redact.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Added to every line. */
  readonly role?: string;
  /** Text lines instead of JSON; by default on a terminal. */
  readonly pretty?: boolean;
  readonly silent?: boolean;
  /** While it returns true, lines of this level with an `error` are left out: another line reports their common cause. */
  readonly isMuted?: (level: string) => boolean;
}

const redact = format((info) => {
  for (const [key, value] of Object.entries(info)) info[key] = withoutSecrets(key, value);
  return info;
});

const unlessMuted = (isMuted: (level: string) => boolean = () => false) =>
  format((info) => ('error' in info && isMuted(info.level) ? false : info));

const forPeople = format.printf(({ level, message, timestamp, role, ...rest }) => {
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  const line = `${timestamp} ${level.padEnd(5)} ${role === undefined ? '' : `${role}: `}${message}${more}`;
  return line.replace(/\p{Cc}/gu, escaped);
});

/** Escapes control characters, which could move the cursor of a terminal or forge a log line. */
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Creates a logger that writes to standard output: JSON lines, or text lines on a terminal. Never writes secrets. */
export function createLogger({ level, role, pretty, silent, isMuted }: LoggerOptions): Logger {
  const lines = (pretty ?? process.stdout.isTTY === true) ? forPeople : format.json();
  return createWinston({
    level,
    silent: silent ?? false,
    ...(role !== undefined && { defaultMeta: { role } }),
    format: format.combine(unlessMuted(isMuted)(), redact(), format.timestamp(), lines),
    transports: [new transports.Console()],
  });
}
