import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { rejectUnknown } from '../request/validate.ts';
import type { ResponseDescription, Route } from '../route.ts';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

export const Problem = z
  .object({
    type: z.string().meta({ description: 'names the kind of problem: urn:orderstream:problem:<code>' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'what is wrong with the input, by path' }),
  })
  .loose()
  .meta({
    id: 'Problem',
    description: 'A problem in the format of RFC 9457.',
    example: {
      type: 'urn:orderstream:problem:not-found',
      title: 'Not found',
      status: 404,
      detail: 'there is no order "01a20184-bd75-737b-b1d4-a86ccd3d3e63"',
    },
  });

/** Creates the OpenAPI 3.1 document of these routes from the schemas that validate the requests. */
export function openApiDocument(info: OpenApiInfo, routes: readonly Route[], limited: boolean) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, limited) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { ...info },
      paths: { ...(paths satisfies ZodOpenApiPathsObject), ...openPaths },
      security: withToken,
      components: { securitySchemes },
    },
    {
      // In TypeScript, read-only objects are not changed; in OpenAPI, clients must not send them.
      override: ({ jsonSchema, zodSchema }) => {
        if (zodSchema._zod.def.type === 'readonly') delete jsonSchema.readOnly;
      },
    },
  );
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'orderstream_access',
    description: 'set by logging in; over https its name begins with `__Host-`',
  },
} as const;
const withToken = [{ bearer: [] }, { session: [] }];

/** Security requirements of a route; those of the whole document when empty. */
const securityOf = ({ access }: Route) =>
  access === undefined ? {} : { security: access === 'public' ? [] : [{}, ...withToken] };

function operation(route: Route, limited: boolean): ZodOpenApiOperationObject {
  const { params, query, headers, body } = route;
  return {
    summary: capitalised(route.summary),
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    operationId: operationId(route),
    ...securityOf(route),
    requestParams: {
      ...(params instanceof z.ZodObject && { path: params }),
      ...(query instanceof z.ZodObject && { query }),
      ...(headers instanceof z.ZodObject && { header: headers }),
    },
    ...(body !== undefined && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        ...contentOf(rejectUnknown(body), 'application/json', body.meta()?.example),
      },
    }),
    responses: { ...successes(route.responses), ...problems(route, limited) },
  };
}

/** `post /api/v1/orders/:orderId/cancel` → `postOrdersOrderIdCancel`. */
const operationId = ({ method, path }: Route) =>
  method +
  path
    .replace(/^\/api\/v\d+/, '')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const contentOf = (schema: z.ZodType, type = 'application/json', example = schema.meta()?.example) => ({
  content: { [type]: { schema, ...(example !== undefined && { example }) } },
});

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function successes(responses: Readonly<Record<number, ResponseDescription>>): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, headers, contentType }]) => [
      status,
      {
        description: capitalised(description),
        ...(headers !== undefined && { headers }),
        ...(schema !== undefined && contentOf(schema, contentType)),
      },
    ]),
  );
}

/** Returns every problem that a request of this route may get. */
function problems(route: Route, limited: boolean): ZodOpenApiResponsesObject {
  const takesBody = route.method !== 'get';
  const known: Record<number, string> = {
    400: takesBody
      ? 'the body is not JSON or has a name twice in one object, or the path, the query or a header is not valid'
      : 'the path, the query or a header is not valid',
    ...(route.access !== 'public' && { 401: 'no token, or one that is forged, expired or incomplete' }),
    ...((takesBody || route.roles !== undefined) && { 403: forbidden(route) }),
    ...(takesBody && {
      413: 'the body is beyond 1 MiB',
      415: 'the body is not application/json',
      422: 'the body is JSON, but not valid',
    }),
    408: 'the request did not arrive in time',
    ...(limited && { 429: 'too many requests; retry after the time in Retry-After' }),
    431: 'path, query and headers are beyond 16 KiB',
    500: 'an unexpected error',
    503: 'a store is unavailable or the server is overloaded; retry after the time in Retry-After',
  };
  for (const [status, meaning] of Object.entries(route.problems ?? {})) {
    const general = known[Number(status)];
    known[Number(status)] = general === undefined ? meaning : `${general}; ${meaning}`;
  }
  return Object.fromEntries(
    Object.entries(known).map(([status, description]) => [
      status,
      { description: capitalised(description), content: { 'application/problem+json': { schema: Problem } } },
    ]),
  );
}

const forbidden = ({ method, roles }: Route): string =>
  [
    ...(roles === undefined ? [] : [`for ${roles.join(' and ')} only`]),
    ...(method === 'get' ? [] : ['a page of another origin sent the request']),
  ].join('; ');

const open = (summary: string, responses: ZodOpenApiResponsesObject) => ({
  get: { summary, tags: ['operation'], security: [], responses },
});

const Health = contentOf(
  z.object({ status: z.string(), checks: z.record(z.string(), z.string()).optional() }),
);

/** Paths that need no token. */
const openPaths: ZodOpenApiPathsObject = {
  '/health/live': open('Is the process alive?', { 200: { description: 'Alive', ...Health } }),
  '/health/ready': open('Can the process serve requests?', {
    200: { description: 'Ready', ...Health },
    503: { description: 'Not ready; the checks say why', ...Health },
  }),
  '/metrics': open('Metrics for Prometheus', { 200: { description: 'In text format' } }),
  '/openapi.json': open('This document', { 200: { description: 'OpenAPI 3.1' } }),
  '/docs': open('This document as a page', { 200: { description: 'HTML' } }),
};
