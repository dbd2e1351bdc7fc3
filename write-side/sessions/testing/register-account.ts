import { randomUUID } from 'node:crypto';
import { aggregate } from '../../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../../command-handling/command-handler.ts';
import { customerId } from '../../../domain/kernel/ids.ts';
import type { UserCommand } from '../../../domain/user/commands.ts';
import type { KeyStore } from '../../../key-store/key-store.ts';
import { PersonalDataCipher } from '../../../key-store/personal-data.ts';
import { hasherInThisProcess } from '../../../platform/passwords/testing/hasher-in-this-process.ts';
import { hashOfEmail } from '../account.ts';

export const PASSWORD = 'correct horse battery';

const context = (userId: string) => {
  const commandId = randomUUID();
  const actor = { sub: 'olga', role: 'admin' } as const;
  return { commandId, correlationId: userId, causationId: commandId, actor };
};

/** Sends a command to an account. */
export const commandUser = (handler: CommandHandler, userId: string, command: UserCommand) =>
  handler.handle({ ...aggregate('user', userId), command, context: context(userId) });

/** Registers an account `NAME@example.com` with the id NAME, which is active at once unless it must be confirmed. */
export async function registerAccount(
  { handler, keyStore }: { readonly handler: CommandHandler; readonly keyStore: KeyStore },
  name: string,
  confirmation: 'by-mail' | 'none' = 'none',
): Promise<void> {
  const cipher = new PersonalDataCipher(keyStore);
  const email = `${name}@example.com`;
  const [userId, emailHash] = [customerId(name), await hashOfEmail(keyStore, email)];
  const claim = { type: 'ClaimEmail', emailHash, userId } as const;
  await handler.handle({ ...aggregate('email', emailHash), command: claim, context: context(name) });
  await commandUser(handler, name, {
    ...{ type: 'RegisterUser', userId, emailHash, signUpId: 's-1', confirmation },
    email: await cipher.encrypt(name, email),
    name: await cipher.encrypt(name, `${name} lee`),
    password: await cipher.encrypt(name, await hasherInThisProcess().hash(PASSWORD)),
    at: '2026-01-05T12:00:00.000Z',
  });
}
