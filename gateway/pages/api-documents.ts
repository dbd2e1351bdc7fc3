import { singleFlight } from '../../platform/async/single-flight.ts';
import { NoResponse } from '../upstream/errors.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { mergedOpenApi } from './merged-openapi.ts';

/** A deploy may change the documents of the APIs while the gateway runs. */
const KEEP_MS = 60_000;
const WITHIN_MS = 5_000;

/** Creates the function that returns the merged OpenAPI document as JSON. It rejects with `NoResponse`. */
export function createApiDocument(command: Upstream, query: Upstream): () => Promise<string> {
  let kept: { readonly text: string; readonly until: number } | undefined;
  const load = singleFlight(async () => {
    const [one, other] = await Promise.all([documentOf(command), documentOf(query)]);
    const text = JSON.stringify(mergedOpenApi({ command: one, query: other }));
    kept = { text, until: performance.now() + KEEP_MS };
    return text;
  });
  return async () => (kept !== undefined && performance.now() < kept.until ? kept.text : load());
}

async function documentOf({ api, url }: Upstream) {
  try {
    const answer = await fetch(new URL('/openapi.json', url), { signal: AbortSignal.timeout(WITHIN_MS) });
    if (answer.ok) return (await answer.json()) as Parameters<typeof mergedOpenApi>[0]['command'];
  } catch {
    // Reported below, without the address of the API.
  }
  throw new NoResponse(api);
}
