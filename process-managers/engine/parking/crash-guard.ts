import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { aggregate } from '../../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../../command-handling/command-handler.ts';
import type { AttemptCommand } from '../../../domain/parking/attempts.ts';
import { atMost } from '../../../platform/at-most.ts';
import { PROCESS_MANAGERS } from '../causes.ts';
import type { WhyParked } from './parking.ts';

/** What operators read of work that crashed its workers. */
export const WORKER_CRASHED: WhyParked = {
  reason: 'worker-crashed',
  detail: 'each worker crashed, or stopped responding, during the attempt',
};

/** Detects work that crashes its workers. */
export interface CrashGuard {
  /**
   * Runs work that may have crashed a worker before: records the attempt first and clears it afterwards. When attempts
   * were recorded and never cleared, calls `park` instead and returns undefined. `workId` names the work.
   * Throws what the command handler, the work or `park` throws.
   */
  run<Result>(
    workId: string,
    work: () => Promise<Result>,
    park: () => Promise<unknown>,
  ): Promise<Result | undefined>;
}

/** Work of which this process knows that its last attempt has ended. */
const MAX_KNOWN = 10_000;

export function createCrashGuard(handler: CommandHandler, clock: () => Date): CrashGuard {
  /** By work: whether its recorded attempts were cleared. Such work needs no record, so an outage costs no appends. */
  const ended = new LRUCache<string, 'cleared' | 'to-clear'>(atMost(MAX_KNOWN));

  const send = (workId: string, command: AttemptCommand) => {
    const commandId = randomUUID();
    const context = { commandId, correlationId: workId, causationId: commandId, actor: PROCESS_MANAGERS };
    return handler.handle({ ...aggregate('attempts', workId), command, context });
  };
  /** Never rejects: this process clears the attempts the next time. */
  const clear = async (workId: string): Promise<void> => {
    ended.set(workId, 'to-clear');
    await send(workId, { type: 'ClearAttempts' }).then(
      () => ended.set(workId, 'cleared'),
      () => {},
    );
  };

  return {
    async run(workId, work, park) {
      if (ended.get(workId) === 'to-clear') await clear(workId);
      const known = ended.get(workId);
      if (known === undefined) {
        const { events } = await send(workId, { type: 'RecordAttempt', at: clock().toISOString() });
        if (events.length === 0) {
          await park();
          await clear(workId);
          return undefined;
        }
      }
      ended.delete(workId);
      try {
        return await work();
      } finally {
        if (known === 'cleared') ended.set(workId, 'cleared');
        else await clear(workId);
      }
    },
  };
}
