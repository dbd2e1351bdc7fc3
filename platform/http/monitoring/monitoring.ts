import type { RequestListener } from 'node:http';
import express, { type Express, type RequestHandler, type Response } from 'express';
import type { Registry } from 'prom-client';
import { singleFlight } from '../../async/single-flight.ts';
import { addFallbackResponses, type ErrorLog } from '../response/fallback-responses.ts';
import { live, monitoringPaths, type Readiness, readiness } from './health.ts';

export interface Watched {
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Registry;
}

/** An express app that tells nothing about itself. */
export function createExpressApp(): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');
  app.set('query parser', false);
  return app;
}

/** Stores the route of a request on its response, for metrics and the access log. */
export const setRoute =
  (route: string): RequestHandler =>
  (_req, res, next) => {
    res.locals.route = route;
    next();
  };

/** What every process tells those who watch it, without a token: so it is gathered once for all who ask at once. */
export function addMonitoringRoutes(app: Express, { ready, metrics }: Watched): void {
  for (const path of monitoringPaths) app.get(path, setRoute(path));
  app.get('/health/live', live);
  app.get('/health/ready', readiness(ready));
  const gather = singleFlight(() => metrics.metrics());
  app.get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await gather());
  });
}

export interface MonitoringAppOptions extends Watched {
  readonly logger: ErrorLog;
  /** Further paths that are read, with what answers them. */
  readonly more?: Readonly<Record<string, (res: Response) => void>>;
}

/** The app of a process that has no API: health and metrics. */
export function createMonitoringApp({
  logger,
  more = {},
  ...watched
}: MonitoringAppOptions): RequestListener {
  const app = createExpressApp();
  addMonitoringRoutes(app, watched);
  for (const [path, answer] of Object.entries(more)) app.get(path, (_req, res) => answer(res));
  addFallbackResponses(app, [...monitoringPaths, ...Object.keys(more)], { logger });
  return app;
}
