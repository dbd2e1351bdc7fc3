import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { settlesWithin } from '../../platform/async/timeout.ts';
import { DEFAULT_ADMIN, linkForFirstAdmin } from '../commands/first-admin.ts';
import type { Services } from '../services.ts';
import type { FirstAdmin } from './announce.ts';

/** Maximum milliseconds that the link may delay the start. */
const OFFER_WITHIN_MS = 2_000;

/** Returns a link for the first admin; undefined when there is an admin, or the stores do not respond in time. */
export async function offerFirstAdmin(services: Services): Promise<FirstAdmin | undefined> {
  const creating = createLink(services);
  try {
    const created = (await settlesWithin(creating, OFFER_WITHIN_MS)) ? await creating : undefined;
    return created && { email: DEFAULT_ADMIN, link: created.link };
  } catch (error) {
    services.logger('start').warn('no link for the first admin', { error: String(error) });
    return undefined;
  }
}

async function createLink(services: Services) {
  const keys = await services.keyStore();
  const { publicUrl } = services.config;
  return linkForFirstAdmin({
    store: services.store(),
    handler: services.handler(),
    clock: () => new Date(),
    accounts: { keys, cipher: new PersonalDataCipher(keys), publicUrl },
  });
}
