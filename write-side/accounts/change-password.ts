import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { CustomerId } from '../../domain/kernel/ids.ts';
import type { PersonalData } from '../../domain/kernel/personal-data.ts';
import { InvalidBody } from '../../platform/http/response/errors.ts';
import { defineRoute } from '../../platform/http/route.ts';
import { HASH_OF_NOBODY } from '../../platform/passwords/password-hasher.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse } from '../http/command-response.ts';
import { commandRoute } from '../http/command-route.ts';
import type { SendOptions } from '../http/run-command.ts';
import { examplePassword, Password } from './account-schemas.ts';
import { type AccountServices, encrypt } from './account-services.ts';
import { changeAccount } from './change-account.ts';
import { readAccount } from './existing-account.ts';
import { noAccount } from './own-account.ts';
import { NewPassword, rejectCommonPassword } from './password-policy.ts';
import { protectBody } from './protect-body.ts';

export const changePassword: CommandRoute = (services) =>
  defineRoute({
    ...commandRoute,
    method: 'post',
    path: '/api/v1/accounts/me/password',
    hasOwnLimit: true,
    summary: 'Changes the password of the caller',
    description: 'Ends all other sessions of the caller.',
    tag: 'accounts',
    body: z
      .strictObject({ current: Password, new: NewPassword })
      .meta({ id: 'PasswordChange', example: { current: examplePassword, new: 'a new password of mine' } }),
    responses: { 204: { description: 'changed' } },
    problems: {
      ...noAccount,
      409: 'the account is disabled',
      422: 'the body is not valid, `current` is not the password, or `new` is a common one',
      429: 'too many wrong passwords, or too many passwords are being hashed; retry after the time in Retry-After',
    },
    handle: async (request) => {
      const { accounts, clock, runCommand } = services;
      const { current, new: wanted } = request.body;
      const { sub, sessionId } = request.caller;
      await rejectCommonPassword(wanted, 'new');
      const { userId } = (await readAccount(services, sub)).user;
      const target = { ...aggregate('user', userId), part: 'account', correlationId: userId } as const;
      const protectedRequest = await protectBody(accounts, userId, request);
      const { headers = {} } = await runCommand(protectedRequest, target, async (options) => {
        const revision = await checkPassword(services, userId, current, 'current', options);
        const command = {
          type: 'ChangePassword',
          password: await encrypt(accounts, userId, await accounts.passwords.hash(wanted)),
          keptSession: sessionId,
          at: clock().toISOString(),
        } as const;
        const { ifMatch = [revision] } = options;
        return commandResponse(
          200,
          {},
          await changeAccount(services, userId, command, { ...options, ifMatch }),
        );
      });
      return { status: 204, headers };
    },
  });

/**
 * Checks the password of an account; an earlier attempt at the same request may have changed it. Returns the revision of the
 * account. Throws `InvalidBody` for `field`, and `TooManyRequests` after ten wrong passwords.
 */
export async function checkPassword(
  services: AccountServices,
  userId: CustomerId,
  password: string,
  field: string,
  { context, lookFrom }: Pick<SendOptions, 'context' | 'lookFrom'>,
): Promise<bigint> {
  const { store, accounts } = services;
  const { user, revision } = await readAccount(services, userId);
  const hash = await hashOf(accounts, user.password);
  if (await isPassword(accounts, userId, hash, password)) return revision;
  if (lookFrom !== undefined)
    for await (const { metadata } of store.read(aggregate('user', userId).stream, { from: lookFrom }))
      if (metadata.commandId === context.commandId) return revision;
  throw new InvalidBody([{ path: field, message: 'is not the password of the account' }]);
}

async function isPassword(
  { passwords, wrongPasswords }: AccountServices['accounts'],
  userId: CustomerId,
  hash: string,
  password: string,
): Promise<boolean> {
  await wrongPasswords.begin(userId);
  let isWrong = false;
  try {
    isWrong = !(await passwords.verify(hash, password));
    return !isWrong;
  } finally {
    await wrongPasswords.end(userId, isWrong);
  }
}

async function hashOf(
  { cipher }: Pick<AccountServices['accounts'], 'cipher'>,
  password: PersonalData | undefined,
): Promise<string> {
  const hash = password && (await cipher.decrypt(password));
  return typeof hash === 'string' ? hash : HASH_OF_NOBODY;
}
