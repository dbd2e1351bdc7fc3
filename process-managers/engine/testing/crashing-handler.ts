import type { CommandHandler } from '../../../command-handling/command-handler.ts';

/** The process has crashed. A `TypeError` is permanent, so the crashed process retries nothing. */
export class Crash extends TypeError {
  override readonly name = 'Crash';
}

export interface CrashingHandler extends CommandHandler {
  readonly hasCrashed: boolean;
}

/** Returns a handler whose process crashes at its n-th command (from 1): before the command, or after it and before its response. */
export function crashingAt(n: number, when: 'before' | 'after', handler: CommandHandler): CrashingHandler {
  let count = 0;
  let hasCrashed = false;
  return {
    cachedState: handler.cachedState,
    get hasCrashed() {
      return hasCrashed;
    },
    async handle(request) {
      if (hasCrashed) throw new Crash('crashed before');
      count += 1;
      const last = count === n;
      hasCrashed = last;
      if (last && when === 'before') throw new Crash(`before command ${n}`);
      const result = await handler.handle(request);
      if (last) throw new Crash(`after command ${n}`);
      return result;
    },
  };
}
