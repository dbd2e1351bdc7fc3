import type { RequestHandler } from 'express';
import { singleFlight } from '../../async/single-flight.ts';

/** Paths for monitoring, without a token. */
export const monitoringPaths: readonly string[] = ['/health/live', '/health/ready', '/metrics'];

/** Whether requests can be served now, and what was looked at: `ok`, or a sentence that says what is wrong. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Ready while every check is `ok`. */
export const readyWhenOk = (checks: Readiness['checks']): Readiness => ({
  ready: Object.values(checks).every((check) => check === 'ok'),
  checks,
});

/** Touches no dependency: a store that is away must not get the process killed. */
export const live: RequestHandler = (_req, res) => {
  res.json({ status: 'live' });
};

/** 200 when everything that requests need is there, else 503. However many ask at once, it is looked at once. */
export function readiness(ready: () => Promise<Readiness>): RequestHandler {
  const look = singleFlight(ready);
  return async (_req, res) => {
    const { ready: isReady, checks } = await look().catch((error: unknown) => ({
      ready: false,
      checks: { check: error instanceof Error ? error.message : String(error) },
    }));
    res.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks });
  };
}
