import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import type { SessionServices } from './session-services.ts';

const text = z.string();
const Jwks = z
  .object({
    keys: z.array(
      z.object({
        ...{ kty: z.literal('EC'), crv: z.literal('P-256'), x: text, y: text },
        ...{ kid: text, use: z.literal('sig'), alg: z.literal('ES256') },
      }),
    ),
  })
  .meta({
    id: 'Jwks',
    example: {
      keys: [
        {
          ...{ kty: 'EC', crv: 'P-256', kid: 'k-1', use: 'sig', alg: 'ES256' },
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
        },
      ],
    },
  });

/** Shorter than a new key is published before it signs. */
const CACHED_SECONDS = 300;

export const jwks = ({ signingKeys }: SessionServices): Route =>
  defineRoute({
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'The public keys of the access tokens',
    description:
      'As a JSON Web Key Set (RFC 7517). A new key is in it an hour before it signs the first token.',
    tag: 'sessions',
    access: 'public',
    responses: { 200: { description: 'the keys', schema: Jwks } },
    handle: async () => {
      // Creates the first key, so that the set is never empty.
      await signingKeys.current();
      const keys = (await signingKeys.published()).map(({ publicKey, kid }) => ({
        ...publicKey.export({ format: 'jwk' }),
        ...{ kid, use: 'sig', alg: 'ES256' },
      }));
      return {
        status: 200,
        body: { keys },
        headers: { 'cache-control': `public, max-age=${CACHED_SECONDS}` },
      };
    },
  });
