import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';

const oneAtATime = pLimit(1);

/**
 * Resolves in a turn of the event loop that no other caller shares: the process handles other work between two callers.
 * (Callers of `setImmediate` in the same turn all share the next one.)
 */
export const ownEventLoopTurn = (): Promise<void> => oneAtATime(() => nextTurn());
