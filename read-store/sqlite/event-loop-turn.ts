import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';

const oneAtATime = pLimit(1);

/**
 * Resolves in a turn of the event loop of the caller's own: the process serves its other work between two such turns.
 * Node alone would give the same turn to all callers that ask in one turn.
 */
export const ownEventLoopTurn = (): Promise<void> => oneAtATime(() => nextTurn());
