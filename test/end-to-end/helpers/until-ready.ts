import { call } from '../../support/http.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Waits until the APIs at these addresses are ready. On a busy machine, the check of a store may fail for a moment. */
export async function untilReady(...urls: readonly string[]): Promise<void> {
  for (const url of urls)
    await waitUntil(
      `${url} is ready`,
      () => call('GET', `${url}/health/ready`),
      ({ status }) => status === 200,
    );
}
