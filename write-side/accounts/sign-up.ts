import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { hideDuration } from '../../platform/http/response/hide-duration.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { EmailAddress, examplePassword, PersonName } from './account-schemas.ts';
import { contextFor, encrypt } from './account-services.ts';
import { NewPassword, rejectCommonPassword } from './password-policy.ts';
import { registerAccount } from './register-account.ts';

export const signUp: CommandRoute = (services) =>
  defineRoute({
    method: 'post',
    path: '/api/v1/accounts',
    hasOwnLimit: true,
    access: 'public',
    summary: 'Signs up for an account',
    description:
      'The response is the same whether the address is known or not. A mail has the link that confirms the address; the password is valid from then on. Without confirmation (`ACCOUNT_CONFIRMATION=off`) a new account can be used at once.',
    tag: 'accounts',
    body: z.strictObject({ email: EmailAddress, password: NewPassword, name: PersonName }).meta({
      id: 'SignUp',
      example: { email: 'ann@example.com', password: examplePassword, name: 'Ann Smith' },
    }),
    responses: { 202: { description: 'accepted' } },
    problems: {
      422: 'the body is not valid, or the password is a common one',
      429: 'too many sign-ups from this source, or too many passwords are being hashed; retry after the time in Retry-After',
    },
    handle: async (request) => {
      const { email, password, name } = request.body;
      await rejectCommonPassword(password, 'password');
      const { accounts, clock } = services;
      await accounts.limits.signUp(request.clientAddress);
      // Also for an address that is known: hashing takes most of the time of the response.
      const hash = await accounts.passwords.hash(password);
      const startedAt = performance.now();
      const contextOf = (userId: string) => contextFor(request, userId);
      const signUpId = randomUUID();
      await registerAccount(services, { email, name }, contextOf, async (claimed) => ({
        type: 'RegisterUser',
        ...claimed,
        password: await encrypt(accounts, claimed.userId, hash),
        signUpId,
        confirmation: accounts.confirmation ? 'by-mail' : 'none',
        at: clock().toISOString(),
      }));
      await hideDuration(startedAt, { stepMs: accounts.hiddenStepMs });
      return { status: 202 };
    },
  });
