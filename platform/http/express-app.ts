import express, { type Express, type RequestHandler } from 'express';

/** Creates an express app that reveals nothing about itself and leaves the query to the routes. */
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
