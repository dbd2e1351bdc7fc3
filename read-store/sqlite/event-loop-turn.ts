import { setImmediate as nextTurn } from 'node:timers/promises';

let last: Promise<void> = Promise.resolve();

/**
 * Resolves in a turn of the event loop that is nobody else's who asked here: between two such turns the process answers
 * whoever else it has. (Of those who ask Node for the next turn at the same time, all are given the same.)
 */
export function ownEventLoopTurn(): Promise<void> {
  last = last.then(() => nextTurn());
  return last;
}
