import type { RequestListener } from 'node:http';
import express, { type Express, type Response } from 'express';
import type { Registry } from 'prom-client';
import { shared } from '../shared.ts';
import { answerTheRest, type ErrorLog } from './answer-errors.ts';
import { live, type Readiness, readiness } from './health.ts';
import { requestIdFrom } from './trace.ts';

export interface Watched {
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Registry;
}

export const watchedPaths = ['/health/live', '/health/ready', '/metrics'] as const;

/** An express app that tells nothing about itself. */
export function bareApp(): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');
  app.set('query parser', false);
  return app;
}

/** `serve`, each of whose answers has a request id. Before express, where it costs less than a middleware. */
export const withRequestId =
  (serve: RequestListener): RequestListener =>
  (req, res) => {
    res.setHeader('x-request-id', requestIdFrom(req.headers['x-request-id']));
    res.setHeader('x-content-type-options', 'nosniff');
    serve(req, res);
  };

/** What every process tells those who watch it, without a token: so it is gathered once for all who ask at once. */
export function answerWatchers(app: Express, { ready, metrics }: Watched): void {
  app.get('/health/live', live);
  app.get('/health/ready', readiness(ready));
  const gather = shared(() => metrics.metrics());
  app.get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await gather());
  });
}

export interface OperationsOptions extends Watched {
  readonly logger: ErrorLog;
  /** Further paths that are read, with what answers them. */
  readonly more?: Readonly<Record<string, (res: Response) => void>>;
}

/** The app of a process that has no API: health and metrics. */
export function createOperations({ logger, more = {}, ...watched }: OperationsOptions): RequestListener {
  const app = bareApp();
  answerWatchers(app, watched);
  for (const [path, answer] of Object.entries(more)) app.get(path, (_req, res) => answer(res));
  answerTheRest(app, [...watchedPaths, ...Object.keys(more)], { logger });
  return withRequestId(app);
}
