import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { KeyStoreUnusable } from '../../key-store/errors.ts';
import { openKeyStore } from '../../key-store/open-key-store.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import type { Config } from '../../platform/config/config.ts';
import { ConfigError } from '../../platform/config/config-error.ts';
import { normalizeEmail } from '../../write-side/accounts/email-address.ts';
import { configOfRunningSystem } from '../start/stores/memory-store.ts';
import { createAdmin } from './first-admin.ts';

/**
 * Makes an account an admin, and prints a link that sets its password. Works on the stores, so it needs no token, but a running
 * event store. Throws `ConfigError` for a text that is no address, and what opening the stores throws.
 */
export async function runAdminCreate(given: Config, text: string): Promise<void> {
  const email = normalizeEmail(text);
  if (email === undefined)
    throw new ConfigError('EMAIL', JSON.stringify(text), 'an e-mail address such as ann@example.com');
  const config = configOfRunningSystem(given);
  const { masterKey, publicUrl } = config;
  if (masterKey === undefined) throw new KeyStoreUnusable('MASTER_KEY is needed to open the key store');
  const keys = await openKeyStore(config.keyStoreUrl, masterKey);
  const store = connectEventStore({ catalogue, url: config.eventStoreUrl });
  try {
    const services = {
      store,
      handler: createCommandHandler({ store }),
      clock: () => new Date(),
      accounts: { keys, cipher: new PersonalDataCipher(keys), publicUrl },
    };
    const { link, expiresAt } = await createAdmin(services, email);
    process.stderr.write(`${email} is an admin. This link sets the password, once, until ${expiresAt}:\n`);
    process.stdout.write(`${link}\n`);
  } finally {
    await Promise.all([store.close(), keys.close()]);
  }
}
