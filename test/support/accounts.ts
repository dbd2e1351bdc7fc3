import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { openKeyStore } from '../../key-store/open-key-store.ts';
import { readConfig } from '../../platform/config/config.ts';
import { registerAccount } from '../../write-side/sessions/testing/register-account.ts';
import type { TestEnvironment } from './system.ts';

/** Registers accounts `NAME@example.com` in the stores of a running system, active at once. */
export async function registerAccounts(
  { env }: Pick<TestEnvironment, 'env'>,
  ...names: string[]
): Promise<void> {
  const { eventStoreUrl, keyStoreUrl, masterKey } = readConfig(env);
  if (masterKey === undefined) throw new TypeError('the system has no master key');
  const store = connectEventStore({ catalogue, url: eventStoreUrl });
  const keyStore = await openKeyStore(keyStoreUrl, masterKey);
  try {
    const handler = createCommandHandler({ store });
    for (const name of names) await registerAccount({ handler, keyStore }, name);
  } finally {
    await keyStore.close();
    await store.close();
  }
}
