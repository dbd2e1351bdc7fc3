import type { CommandHandler } from '../../../command-handling/command-handler.ts';

/** The process died. A `TypeError`, so that nobody in it tries again: the dead do not. */
export class Crash extends TypeError {
  override readonly name = 'Crash';
}

export interface MortalHandler extends CommandHandler {
  readonly dead: boolean;
}

/** A handler whose process dies at its n-th command (from 1): before it was done, or after it and before its answer. */
export function dyingAt(n: number, when: 'before' | 'after', handler: CommandHandler): MortalHandler {
  let count = 0;
  let dead = false;
  return {
    cachedState: handler.cachedState,
    get dead() {
      return dead;
    },
    async handle(request) {
      if (dead) throw new Crash('dead');
      count += 1;
      const last = count === n;
      dead = last;
      if (last && when === 'before') throw new Crash(`before command ${n}`);
      const result = await handler.handle(request);
      if (last) throw new Crash(`after command ${n}`);
      return result;
    },
  };
}
