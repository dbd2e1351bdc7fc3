import { inject } from 'vitest';
import { call } from '../http.ts';
import { createShopClient } from '../shop.ts';
import { type TestEnvironment, tokenFor } from '../system.ts';

/** A system that other spec files use at the same time. */
export interface SharedSystem extends TestEnvironment {
  /** Ends the use by this file; the system stops after its last user. */
  release(): Promise<void>;
}

/**
 * Returns a running system with these settings, which other spec files share, and a client of it. A file must use
 * product ids of its own, and expect nothing of lists and sums that include other files' orders.
 */
export async function useSharedShop(settings: Readonly<Record<string, string>> = {}) {
  const url = inject('sharedSystemsUrl');
  const { status, body } = await call('POST', url, { body: settings });
  if (status !== 200) throw new Error(`the shared system did not start: ${body.error}`);
  const system: SharedSystem = {
    ...(body as TestEnvironment),
    token: tokenFor,
    release: async () => {
      await call('DELETE', url);
    },
  };
  return { system, shop: createShopClient(system) };
}
