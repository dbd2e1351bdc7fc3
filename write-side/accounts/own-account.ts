import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { isRegistered } from '../../domain/user/state.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse, reachedFields, success } from '../http/command-response.ts';
import { commandRoute } from '../http/command-route.ts';
import { Account, PersonName, PostalAddress } from './account-schemas.ts';
import { encrypt } from './account-services.ts';
import { accountFields, readAccount } from './existing-account.ts';
import { protectBody } from './protect-body.ts';

export const noAccount = { 404: 'the caller has no account, or it was forgotten' } as const;

const Profile = z
  .strictObject({
    name: PersonName.optional(),
    address: PostalAddress.nullable().optional().meta({ description: 'Null removes the address.' }),
  })
  .refine(
    ({ name, address }) => name !== undefined || address !== undefined,
    'must have at least one of name and address',
  )
  .meta({ id: 'Profile', example: { name: 'Ann Smith-Jones' }, override: { minProperties: 1 } });

const ChangedAccount = Account.extend({ position: reachedFields.position }).meta({
  id: 'ChangedAccount',
  example: { ...(Account.meta()?.example as object), position: '10423' },
});

export const showOwnAccount: CommandRoute = (services) =>
  defineRoute({
    method: 'get',
    path: '/api/v1/accounts/me',
    summary: 'The account of the caller',
    tag: 'accounts',
    responses: { 200: { description: 'The account', schema: Account } },
    problems: noAccount,
    handle: async ({ caller }) => {
      const account = await readAccount(services, caller.sub);
      const body = await services.accounts.cipher.decryptAll(accountFields(account));
      return { status: 200, body, headers: { etag: `"${account.revision}"` } };
    },
  });

export const changeOwnAccount: CommandRoute = (services) =>
  defineRoute({
    ...commandRoute,
    method: 'patch',
    path: '/api/v1/accounts/me',
    summary: 'Changes name or address of the caller',
    description: 'The same values again change nothing.',
    tag: 'accounts',
    body: Profile,
    responses: { 200: success('changed, now or before', ChangedAccount) },
    problems: { ...noAccount, 409: 'the account is disabled' },
    handle: async (request) => {
      const { handler, accounts, runCommand } = services;
      const { userId } = (await readAccount(services, request.caller.sub)).user;
      const { name, address } = request.body;
      const user = aggregate('user', userId);
      const target = { ...user, part: 'account', correlationId: userId } as const;
      const response = await runCommand(
        await protectBody(accounts, userId, request),
        target,
        async (options) => {
          const command = {
            type: 'ChangeProfile',
            ...(name !== undefined && { name: await encrypt(accounts, userId, name) }),
            ...(address !== undefined && {
              address: address && (await encrypt(accounts, userId, address)),
            }),
          } as const;
          const reached = await handler.handle({ ...user, ...options, command });
          const { state, revision = 0n } = reached;
          const fields = isRegistered(state) ? accountFields({ user: state, revision }) : {};
          // Recorded under the idempotency key as it is: encrypted.
          return commandResponse(200, fields, reached);
        },
      );
      return { ...response, body: await accounts.cipher.decryptAll(response.body) };
    },
  });
