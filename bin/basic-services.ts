import type { RequestListener } from 'node:http';
import type { Logger } from 'winston';
import type { Config } from '../platform/config/config.ts';
import { listen } from '../platform/http/server/listen.ts';
import { type AccessLog, accessLogLines, accessLogText } from '../platform/logging/access-log.ts';
import { shareOutageLimits } from '../platform/logging/limit-warnings.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { createMetrics } from '../platform/metrics.ts';

/** Objects that roles share which need no store. In a module of its own: importing the stores takes half a second. */
export type BasicServices = ReturnType<typeof createBasicServices>;

/** `isMuted` says whether messages of a level are dropped now; none when absent. */
export function createBasicServices(
  config: Config,
  process: string,
  isMuted: (level: string) => boolean = () => false,
) {
  const stopping = new AbortController();
  const sharing = shareOutageLimits();
  const logger = (role: string) =>
    sharing(
      createLogger({
        level: config.logLevel,
        role,
        // Once the stores are closed, calls in flight fail for that reason.
        isMuted: (level) => stopping.signal.aborted || isMuted(level),
      }),
    );
  const accessLog = (role: string) => accessLogOf(config, role, logger);
  return {
    config,
    metrics: createMetrics(process),
    /** Aborts when the process stops. */
    stopping: stopping.signal,
    logger,
    accessLog,
    /** Starts the HTTP server of a role on a configured port; `setting` is the variable of the port. */
    listen: (role: string, app: RequestListener, port: number, setting: string) =>
      listen(app, {
        host: config.host,
        port,
        setting,
        accessLog: accessLog(role),
        corsOrigins: config.corsOrigins,
      }),
    close: async (): Promise<void> => stopping.abort(),
  };
}

/** By default off on a terminal, so that the other log lines stay readable. */
function accessLogOf(
  { accessLog, logLevel }: Config,
  role: string,
  logger: (role: string) => Logger,
): AccessLog | undefined {
  const isTerminal = process.stdout.isTTY === true;
  const isOn = accessLog === undefined ? !isTerminal : accessLog === 'on';
  if (!isOn || (logLevel !== 'info' && logLevel !== 'debug')) return undefined;
  return isTerminal ? accessLogText(logger(role)) : accessLogLines(role);
}
