import type { ServerResponse } from 'node:http';
import type { NodeInfo } from '../../node-info/node-info.ts';
import { statistics } from '../../node-info/statistics.ts';
import { sendEmpty, sendJson, sendText } from '../responses.ts';
import { sendInspector } from './inspector.ts';
import { gossip, liveStatus, nodeDescription } from './node-pages.ts';
import { streamFeed } from './stream-feed.ts';

export type Page = (response: ServerResponse, url: URL) => void;

export interface RouteOptions {
  /** Called for each request, since the port is known only after the server listens. */
  info(): NodeInfo;
  /** Returns the body of `/subscriptions`. */
  subscriptions(): readonly unknown[];
}

/** Returns a function that finds the page of a path; it returns undefined for an unknown path. */
export function createRoutes(options: RouteOptions): (path: string) => Page | undefined {
  const { info, subscriptions } = options;
  const pages = new Map<string, Page>([
    ['/', redirectToInspector],
    ['/web', redirectToInspector],
    ['/web/', (response) => sendText(response, 404, 'The inspector is at /web/index.html.')],
    ['/web/index.html', sendInspector],
    ['/health/live', (response, url) => sendEmpty(response, liveStatus(url))],
    ['/info', (response) => sendJson(response, nodeDescription())],
    ['/info/options', (response) => sendJson(response, [])],
    ['/gossip', (response) => sendJson(response, gossip(info()))],
    ['/stats', (response) => sendJson(response, statistics(info()))],
    ['/subscriptions', (response) => sendJson(response, subscriptions())],
    ['/ping', (response) => sendJson(response, { text: 'Ping request successfully handled' })],
  ]);
  return (path) => pages.get(path) ?? streamPage(options, path);
}

const redirectToInspector: Page = (response) => {
  response.writeHead(302, { location: '/web/index.html', 'content-type': 'text/plain' }).end();
};

function streamPage({ info }: RouteOptions, path: string): Page | undefined {
  const [, encoded] = /^\/streams\/([^/]+)$/.exec(path) ?? [];
  if (encoded === undefined) return undefined;
  return (response) => {
    const { host, port, log } = info();
    const feed = streamFeed(log, decode(encoded), `http://${host}:${port}`);
    if (feed === undefined) sendEmpty(response, 404);
    else sendJson(response, feed);
  };
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
