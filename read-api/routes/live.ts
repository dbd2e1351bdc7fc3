import { z } from 'zod';
import type { RouteResponse } from '../../platform/http/route.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import { LastEventId } from '../live/event-id.ts';
import type { LiveStream, LiveUpdates } from '../live/live-updates.ts';
import { freshness, freshnessHeaders } from '../requests/parameters.ts';
import { isStaff, staff } from '../requests/permissions.ts';
import { checkMayFollow } from '../responses/timeline-entry.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, orderParams } from './route-parts.ts';

const headers = freshnessHeaders.extend({
  'last-event-id': LastEventId.optional().meta({
    description: 'The `id` of the last received message, or a log position: the stream continues after it.',
    example: '10423',
  }),
});

const RESUMING =
  'Each message has an `id`. Send the last one as `Last-Event-ID` to resume after it, without gaps and duplicates; the ' +
  'position from the response of a command works too. `data` is an entry of the timeline with its `orderId`. A comment is ' +
  'sent at least every 15 seconds. A client that reads too slowly is disconnected and can resume. The stream ends when its ' +
  'token expires; one that was opened with the token of a session lives as long as the session. One caller may have 20 streams open at once.';

const MANY = 'The caller has 20 streams open; retry after the time in Retry-After';

const JSON_TEXT = { contentMediaType: 'application/json', contentSchema: { type: 'object' } };
const Message = z.looseObject({ id: z.string(), data: z.string().meta(JSON_TEXT) });

const responses = {
  200: {
    description: 'An endless stream of server-sent events',
    contentType: 'text/event-stream',
    schema: Message,
  },
};

export const liveRoutes = (reads: FreshReads, live: Pick<LiveUpdates, 'listen'>): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/orders/live',
    tag: 'live',
    summary: 'What happens to all orders, as it happens',
    description: `From now on, unless \`Last-Event-ID\` says from where. ${RESUMING}`,
    roles: staff,
    query: z.strictObject(freshness),
    headers,
    responses,
    problems: { 429: MANY, 504: BEHIND },
    handle: async (request) => {
      await reads.caughtUp(timelineProjection, request);
      if (request.method === 'HEAD') return HEAD;
      const after = request.headers['last-event-id'];
      return streamResponse(
        await live.listen({ caller: request.caller.sub, after, reader: 'staff', signal: request.signal }),
      );
    },
  }),

  defineRoute({
    method: 'get',
    path: '/api/v1/orders/:orderId/live',
    tag: 'live',
    summary: 'An order’s story so far, then what happens to it, as it happens',
    description: `From its beginning, unless \`Last-Event-ID\` says from where. ${RESUMING}`,
    params: orderParams,
    query: z.strictObject(freshness),
    headers,
    responses,
    problems: { 404: 'There is no such order, or it is not the caller’s', 429: MANY, 504: BEHIND },
    handle: async (request) => {
      const { orderId } = request.params;
      await checkMayFollow(request.caller, await reads.documents(timelineProjection, request), orderId);
      if (request.method === 'HEAD') return HEAD;
      const after = request.headers['last-event-id'] ?? '';
      const reader = isStaff(request.caller) ? 'staff' : 'customer';
      return streamResponse(
        await live.listen({ caller: request.caller.sub, orderId, after, reader, signal: request.signal }),
      );
    },
  }),
];

/** The last header tells proxies not to buffer the stream. */
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};
/** The response to HEAD, which has no stream. */
const HEAD: RouteResponse = { status: 200, headers: HEADERS };

const streamResponse = (live: LiveStream): RouteResponse => ({ status: 200, headers: HEADERS, ...live });
