import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { after, RESET_LIFETIME_MS } from '../../domain/user/lifetimes.ts';
import { isRegistered } from '../../domain/user/state.ts';
import { hideDuration } from '../../platform/http/response/hide-duration.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { EmailAddress, examplePassword, exampleToken, LinkToken, tokenProblem } from './account-schemas.ts';
import { contextFor, encrypt } from './account-services.ts';
import { changeAccount } from './change-account.ts';
import { emailHashOf } from './email-address.ts';
import { findByToken } from './find-by-token.ts';
import { NewPassword, rejectCommonPassword } from './password-policy.ts';

export const requestPasswordReset: CommandRoute = (services) =>
  defineRoute({
    method: 'post',
    path: '/api/v1/password-resets',
    access: 'public',
    summary: 'Asks for a mail with a link that sets a new password',
    description:
      'The response is the same whether the address is known or not. The link works once, for ten minutes; also for an address that is not confirmed yet.',
    tag: 'accounts',
    body: z
      .strictObject({ email: EmailAddress })
      .meta({ id: 'PasswordResetRequest', example: { email: 'ann@example.com' } }),
    responses: { 202: { description: 'accepted' } },
    problems: {
      429: 'too many requests from this source or for this address, known or not; retry after the time in Retry-After',
    },
    handle: async (request) => {
      const startedAt = performance.now();
      const { store, clock, accounts } = services;
      const emailHash = emailHashOf(await accounts.keys.secret('addressKey'), request.body.email);
      await accounts.limits.reset(request.clientAddress, emailHash);
      const { state: claim } = await readState(store, aggregate('email', emailHash));
      const userId = claim.status === 'claimed' ? claim.userId : undefined;
      const user = userId && (await readState(store, aggregate('user', userId))).state;
      if (userId !== undefined && user !== undefined && isRegistered(user)) {
        const at = clock().toISOString();
        const command = {
          type: 'RequestPasswordReset',
          resetId: randomUUID(),
          requester: 'owner',
          at,
          expiresAt: after(at, RESET_LIFETIME_MS),
        } as const;
        await changeAccount(services, userId, command, { context: contextFor(request, userId) });
      }
      await hideDuration(startedAt, { stepMs: accounts.hiddenStepMs });
      return { status: 202 };
    },
  });

export const confirmPasswordReset: CommandRoute = (services) =>
  defineRoute({
    method: 'post',
    path: '/api/v1/password-resets/confirm',
    hasOwnLimit: true,
    access: 'public',
    summary: 'Sets a new password with the token of a link',
    description: 'Ends all sessions of the account. The token works once.',
    tag: 'accounts',
    body: z
      .strictObject({ token: LinkToken, password: NewPassword })
      .meta({ id: 'PasswordReset', example: { token: exampleToken, password: examplePassword } }),
    responses: { 204: { description: 'the password is set' } },
    problems: {
      422: `${tokenProblem}; or the password is a common one`,
      429: 'too many passwords are being hashed; retry after the time in Retry-After',
    },
    handle: async (request) => {
      const { token, password } = request.body;
      await rejectCommonPassword(password, 'password');
      const { accounts, clock } = services;
      const { user, requestId } = await findByToken(services, 'set-password', token);
      const { userId } = user;
      const hash = await accounts.passwords.hash(password);
      const command = {
        type: 'ResetPassword',
        resetId: requestId,
        password: await encrypt(accounts, userId, hash),
        at: clock().toISOString(),
      } as const;
      await changeAccount(services, userId, command, { context: contextFor(request, userId) });
      return { status: 204 };
    },
  });
