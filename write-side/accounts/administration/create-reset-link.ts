import { z } from 'zod';
import { RESET_LIFETIME_MS } from '../../../domain/user/lifetimes.ts';
import { defineRoute } from '../../../platform/http/route.ts';
import type { CommandRoute } from '../../command-services.ts';
import { exampleToken, UserPath } from '../account-schemas.ts';
import { contextFor } from '../account-services.ts';
import { readAccount } from '../existing-account.ts';
import { createResetLink } from '../reset-link.ts';

const Link = z.object({ link: z.url(), expiresAt: z.iso.datetime() }).meta({
  id: 'PasswordResetLink',
  example: {
    link: `https://shop.example/set-password#token=${exampleToken}`,
    expiresAt: '2026-01-31T12:10:00.000Z',
  },
});

export const createPasswordResetLink: CommandRoute = (services) =>
  defineRoute({
    method: 'post',
    path: '/api/v1/accounts/:userId/password-reset',
    summary: 'Creates a link with which the owner sets a new password',
    description: 'Hand the link to the owner. It works once, for ten minutes; no mail is sent.',
    tag: 'accounts',
    roles: ['admin'],
    params: UserPath,
    responses: { 201: { description: 'The link', schema: Link } },
    problems: {
      404: 'there is no such account, or it was forgotten',
      409: 'the account is disabled',
    },
    handle: async (request) => {
      const { userId } = request.params;
      await readAccount(services, userId);
      const options = { requester: 'admin', lifetimeMs: RESET_LIFETIME_MS } as const;
      const link = await createResetLink(services, userId, options, contextFor(request, userId));
      return { status: 201, body: link };
    },
  });
