import type { RequestListener } from 'node:http';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { createLogger } from '../../logging/logger.ts';
import { type ApiOptions, createApi } from '../create-api.ts';
import { defineRoute } from '../route.ts';
import { secretKey } from '../tokens/secret-key.ts';
import { signToken } from '../tokens/tokens.ts';

const secret = secretKey('a secret of thirty-two bytes or more');

/** A valid body of `POST /teas`. */
export const TEA = '{"sort":"sencha"}';

export const bearer = (sub: string): string => `Bearer ${signToken(secret, { sub, role: 'operator' })}`;

/** Request line and headers of `POST /teas`, without those that declare the length of the body. */
export const teaHead = (sub: string): string =>
  `POST /teas HTTP/1.1\r\nhost: x\r\nauthorization: ${bearer(sub)}\r\ncontent-type: application/json\r\n`;

/** Creates an API with `POST /teas`, for specs that send raw bytes. Calls `brewed` for each request that is carried out. */
export const createTeaApi = ({
  brewed = () => {},
  ...options
}: { readonly brewed?: () => void } & Pick<ApiOptions, 'admission'> = {}): RequestListener =>
  createApi({
    title: 'Tea',
    version: '1.0.0',
    routes: [
      defineRoute({
        method: 'post',
        path: '/teas',
        summary: 'Brew',
        tag: 'teas',
        body: z.strictObject({ sort: z.string() }),
        responses: { 201: { description: 'brewed' } },
        handle: async ({ body }) => {
          brewed();
          return { status: 201, body };
        },
      }),
    ],
    secret,
    logger: createLogger({ level: 'error', silent: true }),
    metrics: new Registry(),
    ready: async () => ({ ready: true, checks: {} }),
    ...options,
  });
