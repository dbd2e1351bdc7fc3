import { limitOutageWarnings } from '../../../platform/logging/limit-warnings.ts';
import type { ProcessManager } from '../create-process-manager.ts';
import { repeat } from '../repeat.ts';
import type { ObservedWaits } from './observed-waits.ts';
import { createTimeouts, type TimeoutsOptions } from './timeouts.ts';

interface Options extends Omit<TimeoutsOptions, 'manager' | 'rules' | 'isOver'> {
  readonly observed: ObservedWaits;
}

export interface RunningTimeouts {
  /** Returns the error of the last read of due timeouts; undefined when it succeeded. */
  lookFailed(): unknown;
  /** Resolves when the last due timeout is handled. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks for due timeouts. */
const LOOK_EVERY_MS = 500;

/** Handles the due timeouts of all process managers that have waits, until stopped. */
export function runTimeouts(
  managers: readonly ProcessManager[],
  { observed, ...options }: Options,
): RunningTimeouts {
  const outages = limitOutageWarnings(options.logger, 'read store');
  let lookFailed: unknown;
  const loops = managers.flatMap((manager) => {
    const rules = manager.waits;
    if (rules === undefined) return [];
    const isOver: TimeoutsOptions['isOver'] = (due) => observed.isOver(due, rules);
    const { look } = createTimeouts({ ...options, manager, rules, isOver });
    return repeat(
      LOOK_EVERY_MS,
      async () => {
        const handled = await look();
        lookFailed = undefined;
        return handled > 0;
      },
      (error) => {
        outages.warn('due timeouts cannot be read', { error: String(error) });
        lookFailed = error;
      },
    );
  });
  return {
    lookFailed: () => lookFailed,
    stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))),
  };
}
