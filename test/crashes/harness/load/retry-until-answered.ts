import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpResponse } from '../../../support/http.ts';

const PAUSE_MS = 50;
/** A store is unavailable, or a read model is behind. */
const TEMPORARY = [503, 504];

const isConnectionRefused = ({ cause }: TypeError): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';

/**
 * Retries a request while no server listens, the connection breaks or the response is 503 or 504; returns any other
 * response. Calls `onLostResponse` for each connection that broke after the request was sent: its outcome is unknown.
 * Rejects when the signal aborts, and with errors that are not about connections.
 */
export async function retryUntilAnswered(
  request: () => Promise<HttpResponse>,
  signal: AbortSignal,
  onLostResponse: () => void,
): Promise<HttpResponse> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const response = await request();
      if (!TEMPORARY.includes(response.status)) return response;
    } catch (error) {
      // `fetch` throws `TypeError` for every network error.
      if (!(error instanceof TypeError)) throw error;
      if (!isConnectionRefused(error)) onLostResponse();
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}
