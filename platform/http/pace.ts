import type { RequestHandler } from 'express';

/**
 * Lets so many requests begin per turn of the event loop, in the order they came. Sockets that become readable together
 * would otherwise all be worked on before anything leaves for the store, which idles meanwhile, and this process after it.
 */
export function pace(perTurn: number): RequestHandler {
  const waiting: (() => void)[] = [];
  let begun = 0;

  const turn = (): void => {
    begun = Math.min(waiting.length, perTurn);
    if (begun > 0) setImmediate(turn);
    for (const begin of waiting.splice(0, begun)) begin();
  };

  return (_req, _res, next) => {
    if (begun === 0) setImmediate(turn);
    begun += 1;
    if (begun <= perTurn) next();
    else waiting.push(next);
  };
}
