import type { RequestListener } from 'node:http';
import type { Registry } from 'prom-client';
import { createExpressApp, setRoute } from '../../platform/http/express-app.ts';
import { monitoringPaths } from '../../platform/http/monitoring/health.ts';
import { addMonitoringRoutes } from '../../platform/http/monitoring/monitoring.ts';
import { addDocsPage, docsPaths } from '../../platform/http/openapi/docs-page.ts';
import { addFallbackResponses, type ErrorLog } from '../../platform/http/response/fallback-responses.ts';
import { gatewayProblems } from '../upstream/errors.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { createApiDocument } from './api-documents.ts';
import { indexPage } from './index-page.ts';
import { readinessOf } from './readiness.ts';

export interface PagesOptions {
  readonly command: Upstream;
  readonly query: Upstream;
  readonly metrics: Registry;
  readonly logger: ErrorLog;
}

const OPENAPI = '/openapi.json';

/** Creates the app for everything that the gateway serves itself: an index, documentation, health and metrics. */
export function createPagesApp({ command, query, metrics, logger }: PagesOptions): RequestListener {
  const app = createExpressApp();
  addMonitoringRoutes(app, { metrics, ready: () => readinessOf(command, query) });
  app.get('/', setRoute('/'), (_req, res) => {
    res.type('html').send(indexPage);
  });
  const document = createApiDocument(command, query);
  app.get(OPENAPI, setRoute(OPENAPI), async (_req, res) => {
    res.type('json').send(await document());
  });
  addDocsPage(app, 'Orderstream');
  addFallbackResponses(app, ['/', OPENAPI, ...monitoringPaths, ...docsPaths], logger, gatewayProblems);
  return app;
}
