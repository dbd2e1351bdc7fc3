import type { RequestHandler } from 'express';
import { singleFlight } from '../../async/single-flight.ts';

/** Paths for monitoring; they need no token. */
export const monitoringPaths: readonly string[] = ['/health/live', '/health/ready', '/metrics'];

/** Whether the process can serve requests now. Each check is `ok`, or a sentence that says what is wrong. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Returns ready when every check is `ok`. */
export const readyWhenOk = (checks: Readiness['checks']): Readiness => ({
  ready: Object.values(checks).every((check) => check === 'ok'),
  checks,
});

/** Checks no dependency: an unavailable store must not get the process killed. */
export const live: RequestHandler = (_req, res) => {
  res.json({ status: 'live' });
};

/** Returns a handler that responds with 200 when ready, else 503. Concurrent requests share one check. */
export function readiness(ready: () => Promise<Readiness>): RequestHandler {
  const check = singleFlight(ready);
  return async (_req, res) => {
    const { ready: isReady, checks } = await check().catch((error: unknown) => ({
      ready: false,
      checks: { check: error instanceof Error ? error.message : String(error) },
    }));
    res.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks });
  };
}
