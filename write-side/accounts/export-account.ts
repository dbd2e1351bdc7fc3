import { z } from 'zod';
import { userStream } from '../../event-catalogue/streams.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { Account } from './account-schemas.ts';
import { accountFields, readAccount } from './existing-account.ts';
import { noAccount } from './own-account.ts';

const Entry = z.object({ type: z.string(), at: z.iso.datetime(), data: z.record(z.string(), z.unknown()) });

const Export = z
  .looseObject({
    account: Account,
    history: z.array(Entry).meta({ description: 'Every event of the account, oldest first.' }),
    orders: z.array(z.unknown()).optional(),
    sessions: z
      .array(z.unknown())
      .optional()
      .meta({ description: 'Each log-in, also those that have ended.' }),
  })
  .meta({
    id: 'AccountExport',
    example: {
      account: Account.meta()?.example,
      history: [
        {
          type: 'UserRegistered',
          at: '2026-01-31T12:00:00.000Z',
          data: { email: 'ann@example.com', name: 'Ann Smith' },
        },
      ],
      orders: [],
    },
    description:
      'Everything that the system holds about the person, by kind. The hash of the password is left out.',
  });

export const exportOwnAccount: CommandRoute = (services) =>
  defineRoute({
    method: 'get',
    path: '/api/v1/accounts/me/export',
    summary: 'Everything that the system holds about the caller',
    tag: 'accounts',
    responses: { 200: { description: 'The data of the caller', schema: Export } },
    problems: noAccount,
    handle: async ({ caller }) => {
      const { store, accounts } = services;
      const account = await readAccount(services, caller.sub);
      const { userId } = account.user;
      const history = [];
      for await (const { event, at } of store.read(userStream(userId)))
        history.push({ type: event.type, at: at.toISOString(), data: withoutPassword(event.data) });
      const records = await accounts.records.everything(userId);
      const body = await accounts.cipher.decryptAll({ account: accountFields(account), history, ...records });
      const headers = { 'content-disposition': 'attachment; filename="orderstream-account.json"' };
      return { status: 200, body, headers };
    },
  });

function withoutPassword(data: unknown): Record<string, unknown> {
  const { password: _, emailHash: __, ...others } = data as Record<string, unknown>;
  return others;
}
