import type { EventEmitter } from 'node:events';
import type { Logger } from 'winston';

export interface GracefulOptions {
  /** Ends what runs; called once. */
  readonly stop: () => Promise<void>;
  readonly logger: Logger;
  /** After so long the process ends anyway; 10 s. */
  readonly withinMs?: number;
  /** Where the signals come from, and how to end: the process, unless a test stands in for it. */
  readonly from?: EventEmitter;
  readonly exit?: (code: number) => void;
  /** A child leaves Ctrl+C, which reaches every process of a terminal at once, to its parent; both by default. */
  readonly signals?: readonly (typeof stopSignals)[number][];
}

export const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ends the process in good order: at SIGTERM or SIGINT, or when the IPC channel to the parent closes, which it does
 * however the parent ended. Exit code 0, or 1 when stopping failed or took too long. A second signal ends it at once.
 */
export function stopGracefully({
  stop,
  logger,
  withinMs = 10_000,
  from = process,
  exit = (code) => process.exit(code),
  signals = stopSignals,
}: GracefulOptions): void {
  let stopping = false;
  const end = async (cause: string) => {
    if (stopping) {
      if (cause !== 'disconnect') exit(1);
      return;
    }
    stopping = true;
    logger.info('stopping', { cause });
    const tooLong = setTimeout(() => {
      logger.error('what runs did not end in time', { withinMs });
      exit(1);
    }, withinMs);
    try {
      await stop();
      clearTimeout(tooLong);
      logger.info('stopped');
      exit(0);
    } catch (error) {
      clearTimeout(tooLong);
      logger.error('stopping failed', { error });
      exit(1);
    }
  };
  for (const cause of [...signals, 'disconnect']) from.on(cause, () => void end(cause));
}
