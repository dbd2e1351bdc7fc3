import { defineRoute } from '../../../platform/http/route.ts';
import type { CommandRoute } from '../../command-services.ts';
import { UserPath } from '../account-schemas.ts';
import { contextFor } from '../account-services.ts';
import { forgetAccount } from '../forget-account.ts';
import { forgottenForEver, keepsAccount } from '../forget-own-account.ts';

export const forgetUser: CommandRoute = (services) =>
  defineRoute({
    method: 'delete',
    path: '/api/v1/accounts/:userId',
    summary: 'Forgets a person',
    description: `${forgottenForEver} Repeating it is 204.`,
    tag: 'accounts',
    roles: ['admin'],
    params: UserPath,
    responses: { 204: { description: 'forgotten, now or before' } },
    problems: { 404: 'there is no such account', 409: keepsAccount },
    handle: async (request) => {
      const { userId } = request.params;
      await forgetAccount(services, userId, request.caller.sub, { context: contextFor(request, userId) });
      return { status: 204 };
    },
  });
