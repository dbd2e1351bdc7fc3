import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { examplePassword, Password } from './account-schemas.ts';
import { contextFor } from './account-services.ts';
import { checkPassword } from './change-password.ts';
import { readAccount } from './existing-account.ts';
import { forgetAccount } from './forget-account.ts';
import { noAccount } from './own-account.ts';

export const forgottenForEver =
  'Destroys the key of the personal data: name, addresses and the like are `null` beside `"forgotten": true` from then on, in all responses. Orders stay. The address can be used for a new account.';
export const keepsAccount =
  'orders of the account are placed or confirmed (`orderIds`), or it is the last enabled admin';

export const forgetOwnAccount: CommandRoute = (services) =>
  defineRoute({
    method: 'delete',
    path: '/api/v1/accounts/me',
    hasOwnLimit: true,
    summary: 'Forgets the caller',
    description: `${forgottenForEver} The cookies of the session are deleted.`,
    tag: 'accounts',
    body: z
      .strictObject({ password: Password })
      .meta({ id: 'AccountDeletion', example: { password: examplePassword } }),
    responses: { 204: { description: 'forgotten' } },
    problems: {
      ...noAccount,
      409: keepsAccount,
      422: 'the body is not valid, or the password is wrong',
      429: 'too many wrong passwords, or too many passwords are being hashed; retry after the time in Retry-After',
    },
    handle: async (request) => {
      const { userId } = (await readAccount(services, request.caller.sub)).user;
      const context = contextFor(request, userId);
      const { password } = request.body;
      const revision = await checkPassword(services, userId, password, 'password', { context });
      await forgetAccount(services, userId, request.caller.sub, { context, ifMatch: [revision] });
      return { status: 204, cookies: services.accounts.cookies.clear() };
    },
  });
