import type { EventEmitter } from 'node:events';
import type { Logger } from 'winston';

export interface StopOptions {
  /** Stops all work of the process; called once. */
  readonly stop: () => Promise<void>;
  readonly logger: Logger;
  /** Maximum milliseconds for `stop`; then the process exits anyway. Default 15 s. */
  readonly withinMs?: number;
  /** Source of the signals, and the exit function; replaceable in tests. */
  readonly from?: EventEmitter;
  readonly exit?: (code: number) => void;
  /** Handles signals instead of ending the process: in a child, the parent decides the order in which processes stop. */
  readonly onSignal?: (signal: StopSignal) => void;
}

const stopSignals = ['SIGINT', 'SIGTERM'] as const;
export type StopSignal = (typeof stopSignals)[number];

export type GracefulStop = ReturnType<typeof handleStopSignals>;

/**
 * Stops the process gracefully at SIGTERM or SIGINT, or when the IPC channel to the parent closes, which also happens when
 * the parent is killed. Repeated signals are ignored: service managers and operators may send several.
 */
export function handleStopSignals({
  stop,
  logger,
  withinMs = 15_000,
  from = process,
  exit = (code) => process.exit(code),
  onSignal,
}: StopOptions) {
  let hasBegun = false;
  const end = async (cause: string, code: number) => {
    logger.info('stopping', { cause });
    const tooLong = setTimeout(() => {
      logger.error('stopping took too long', { withinMs });
      exit(1);
    }, withinMs);
    let exitCode = code;
    try {
      await stop();
      logger.info('stopped');
    } catch (error) {
      logger.error('stopping failed', { error });
      exitCode = 1;
    }
    clearTimeout(tooLong);
    exit(exitCode);
  };
  /** Ends the process with this code, or with 1 when stopping fails or takes too long. Later calls have no effect. */
  const begin = (cause: string, code = 0) => {
    if (hasBegun) return;
    hasBegun = true;
    void end(cause, code);
  };
  for (const signal of stopSignals) from.on(signal, () => (onSignal ?? begin)(signal));
  from.on('disconnect', () => begin('disconnect'));
  return { hasBegun: () => hasBegun, begin };
}
