import type { RequestListener } from 'node:http';
import type { Express, Response } from 'express';
import type { Registry } from 'prom-client';
import { singleFlight } from '../../async/single-flight.ts';
import { createExpressApp, setRoute } from '../express-app.ts';
import { addFallbackResponses, type ErrorLog } from '../response/fallback-responses.ts';
import { monitoringPaths, type Readiness } from './health.ts';

interface Monitored {
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Registry;
}

/** Adds `/health/live`, `/health/ready` and `/metrics`. They need no token, so concurrent requests share one check. */
export function addMonitoringRoutes(app: Express, { ready, metrics }: Monitored): void {
  for (const path of monitoringPaths) app.get(path, setRoute(path));
  // Checks no dependency: an unavailable store must not get the process killed.
  app.get('/health/live', (_req, res) => {
    res.json({ status: 'live' });
  });
  const check = singleFlight(ready);
  app.get('/health/ready', async (_req, res) => {
    const { ready: isReady, checks } = await check().catch((error: unknown) => ({
      ready: false,
      checks: { check: error instanceof Error ? error.message : String(error) },
    }));
    res.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks });
  });
  const collect = singleFlight(() => metrics.metrics());
  app.get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await collect());
  });
}

interface MonitoringAppOptions extends Monitored {
  readonly logger: ErrorLog;
  /** Handlers of further GET paths. */
  readonly more?: Readonly<Record<string, (res: Response) => void>>;
}

/** Creates the request listener of a process without an API: health and metrics. */
export function createMonitoringApp({
  logger,
  more = {},
  ...monitored
}: MonitoringAppOptions): RequestListener {
  const app = createExpressApp();
  addMonitoringRoutes(app, monitored);
  for (const [path, respond] of Object.entries(more)) app.get(path, (_req, res) => respond(res));
  addFallbackResponses(app, [...monitoringPaths, ...Object.keys(more)], logger);
  return app;
}
