import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { exampleToken, LinkToken, tokenProblem } from './account-schemas.ts';
import { contextFor } from './account-services.ts';
import { changeAccount } from './change-account.ts';
import { findByToken } from './find-by-token.ts';

export const confirmEmail: CommandRoute = (services) =>
  defineRoute({
    method: 'post',
    path: '/api/v1/accounts/confirm',
    access: 'public',
    summary: 'Confirms the address of an account with the token of the mailed link',
    description:
      'The name and the password of the sign-up that the link belongs to are valid from then on. The token works once, for 24 hours.',
    tag: 'accounts',
    body: z
      .strictObject({ token: LinkToken })
      .meta({ id: 'EmailConfirmation', example: { token: exampleToken } }),
    responses: { 204: { description: 'confirmed' } },
    problems: { 422: tokenProblem },
    handle: async (request) => {
      const { user, requestId } = await findByToken(services, 'confirm-email', request.body.token);
      const at = services.clock().toISOString();
      const command = { type: 'ConfirmEmail', signUpId: requestId, at } as const;
      const context = contextFor(request, user.userId);
      await changeAccount(services, user.userId, command, { context });
      return { status: 204 };
    },
  });
