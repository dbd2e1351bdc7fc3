import { z } from 'zod';
import { aggregate } from '../../../command-handling/aggregates.ts';
import { CustomerId } from '../../../domain/kernel/ids.ts';
import type { UserCommand } from '../../../domain/user/commands.ts';
import { UserRole } from '../../../domain/user/events.ts';
import { isRegistered } from '../../../domain/user/state.ts';
import type { RouteResponse } from '../../../platform/http/route.ts';
import { defineRoute } from '../../../platform/http/route.ts';
import type { CommandRoute, CommandServices } from '../../command-services.ts';
import { commandResponse, reachedFields, success } from '../../http/command-response.ts';
import { commandRoute } from '../../http/command-route.ts';
import type { CommandHttpRequest } from '../../http/run-command.ts';
import { exampleUser, UserPath } from '../account-schemas.ts';
import { changeAccount } from '../change-account.ts';
import { readAccount } from '../existing-account.ts';

const ChangedUser = z
  .object({
    userId: CustomerId,
    role: UserRole,
    status: z.enum(['unconfirmed', 'active', 'disabled']),
    ...reachedFields,
  })
  .meta({
    id: 'ChangedUser',
    example: { userId: exampleUser, role: 'operator', status: 'active', revision: '4', position: '10423' },
  });

const problems = {
  404: 'there is no such account, or it was forgotten',
  409: 'it is the last enabled admin',
};

/** What the routes of admins on one account have in common. */
const adminRoute = {
  ...commandRoute,
  method: 'post',
  tag: 'accounts',
  roles: ['admin'],
  params: UserPath,
  problems,
} as const;

export const changeRole: CommandRoute = (services) =>
  defineRoute({
    ...adminRoute,
    path: '/api/v1/accounts/:userId/role',
    summary: 'Changes the role of an account',
    description: 'Access tokens with the old role end at once; a refreshed session has the new one.',
    body: z.strictObject({ role: UserRole }).meta({ id: 'RoleChange', example: { role: 'operator' } }),
    responses: { 200: success('changed, now or before', ChangedUser) },
    handle: (request) => {
      const { role } = request.body;
      return run(services, request, request.params.userId, {
        type: 'ChangeRole',
        role,
        by: request.caller.sub,
      });
    },
  });

export const disableAccount: CommandRoute = (services) =>
  defineRoute({
    ...adminRoute,
    path: '/api/v1/accounts/:userId/disable',
    summary: 'Disables an account',
    description: 'Ends all its sessions. It can be enabled again.',
    responses: { 200: success('disabled, now or before', ChangedUser) },
    handle: (request) =>
      run(services, request, request.params.userId, { type: 'DisableUser', by: request.caller.sub }),
  });

export const enableAccount: CommandRoute = (services) =>
  defineRoute({
    ...adminRoute,
    path: '/api/v1/accounts/:userId/enable',
    summary: 'Enables a disabled account',
    responses: { 200: success('enabled, now or before', ChangedUser) },
    handle: (request) =>
      run(services, request, request.params.userId, { type: 'EnableUser', by: request.caller.sub }),
  });

async function run(
  services: CommandServices,
  request: CommandHttpRequest,
  userId: CustomerId,
  command: UserCommand,
): Promise<RouteResponse> {
  await readAccount(services, userId);
  const target = { ...aggregate('user', userId), part: 'account', correlationId: userId } as const;
  return services.runCommand(request, target, async (options) => {
    const reached = await changeAccount(services, userId, command, options);
    const { state } = reached;
    const fields = isRegistered(state) ? { role: state.role, status: state.status } : {};
    return commandResponse(200, { userId, ...fields }, reached);
  });
}
