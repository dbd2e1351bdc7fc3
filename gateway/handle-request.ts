import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { monitoringPaths } from '../platform/http/monitoring/health.ts';
import type { ClientAddress } from '../platform/http/request/client-address.ts';
import { MethodNotAllowed } from '../platform/http/response/errors.ts';
import type { ErrorLog } from '../platform/http/response/fallback-responses.ts';
import type { ClientLimits } from './limits/client-limits.ts';
import type { Identity, IdentityOf } from './requests/identity.ts';
import type { LastWrites } from './requests/last-writes.ts';
import type { BodyReader } from './requests/read-body.ts';
import { upstreamHeaders } from './requests/upstream-headers.ts';
import { compress, compressResponse } from './responses/compress.ts';
import { isLive, writeHead } from './responses/response-head.ts';
import { sendError } from './responses/send-problem.ts';
import { originForm, pathOf } from './routes/request-target.ts';
import type { RouteTable, Target } from './routes/route-table.ts';
import type { Forwarder } from './upstream/forwarder.ts';

export interface RequestHandlerParts {
  readonly table: RouteTable;
  readonly identityOf: IdentityOf;
  readonly clientAddress: ClientAddress;
  readonly limits: ClientLimits;
  readonly bodies: BodyReader;
  readonly lastWrites: LastWrites;
  readonly gatewayKey: string;
  readonly forwarder: Pick<Forwarder, 'forward'>;
  /** Serves what no API does. */
  readonly pages: RequestListener;
  /** Aborts when the process stops. */
  readonly stopping: AbortSignal | undefined;
  readonly logger: ErrorLog;
}

/** Creates the listener that decides where each request goes, and sends it there. */
export function createRequestHandler(parts: RequestHandlerParts): RequestListener {
  const { table, clientAddress, limits, bodies, lastWrites, forwarder } = parts;
  const streams = new Set<ServerResponse>();
  parts.stopping?.addEventListener('abort', () => {
    for (const stream of streams) stream.destroy();
  });

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const asterisk = req.method === 'OPTIONS' && req.url === '*';
    if (!asterisk) req.url = originForm(req.url ?? '');
    const path = pathOf(req.url ?? '');
    const found = table.find(req.method ?? '', path);
    const address = clientAddress(req);
    if (found === undefined) {
      if (!monitoringPaths.includes(path)) await limits(address, undefined);
      return void compress(req as Request, res as Response, () => parts.pages(req, res));
    }
    if ('target' in found) return forward(req, res, found.target, address);
    (res as Response).locals = { route: found.route };
    await limits(address, undefined);
    if (req.method !== 'OPTIONS') throw new MethodNotAllowed(req.method ?? '', found.allowed);
    res.writeHead(204, { allow: found.allowed.join(', ') }).end();
  };

  const forward = async (req: IncomingMessage, res: ServerResponse, target: Target, address: string) => {
    const { api, route } = target;
    const identifying = parts.identityOf(req);
    const identity = identifying instanceof Promise ? await identifying : identifying;
    (res as Response).locals = { route, callerRole: identity?.role };
    await limits(address, identity?.account);
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    const body = isRead ? undefined : await bodies.read(req, identity?.account ?? address);
    req.headers = upstreamHeaders(req, {
      requestId: String(res.getHeader('x-request-id')),
      clientAddress: address,
      gatewayKey: parts.gatewayKey,
      lastWrite: api === 'query' && identity !== undefined ? lastWrites.of(identity.session) : undefined,
      body,
    });
    await forwarder.forward(req, res, { api, body, respond: (from) => respond(req, from, res, identity) });
  };

  const respond = (
    req: IncomingMessage,
    from: IncomingMessage,
    res: ServerResponse,
    identity: Identity | undefined,
  ): void => {
    const position = from.headers['orderstream-position'];
    if (identity !== undefined && typeof position === 'string') lastWrites.record(identity.session, position);
    compressResponse(req, res, from);
    writeHead(res, from);
    if (!isLive(from)) return;
    res.flushHeaders();
    streams.add(res);
    res.once('close', () => streams.delete(res));
  };

  return (req, res) => {
    handle(req, res).catch((error) => sendError(error, req, res, parts.logger));
  };
}
