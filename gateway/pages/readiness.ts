import { type Readiness, readyWhenOk } from '../../platform/http/monitoring/health.ts';
import type { Upstream } from '../upstream/upstream.ts';

const WITHIN_MS = 2_000;

/**
 * Returns ready when both APIs answer, even if one of them is not ready: clients then get its own response, which says why.
 * A gateway that is not ready would hide it.
 */
export async function readinessOf(command: Upstream, query: Upstream): Promise<Readiness> {
  const [commandApi, queryApi] = await Promise.all([checkOf(command), checkOf(query)]);
  return readyWhenOk({ commandApi, queryApi });
}

async function checkOf({ api, url }: Upstream): Promise<string> {
  try {
    const answer = await fetch(new URL('/health/live', url), { signal: AbortSignal.timeout(WITHIN_MS) });
    await answer.arrayBuffer();
    return answer.ok ? 'ok' : `the ${api} API answers ${answer.status}`;
  } catch {
    return `the ${api} API does not answer`;
  }
}
