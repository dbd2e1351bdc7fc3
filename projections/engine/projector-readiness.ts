import { type Readiness, readyWhenOk } from '../../platform/http/monitoring/health.ts';
import { MODELS_WAIT } from '../../read-store/read-store-watch.ts';

/** Returns the health of the projector. A projector that waits for the lease is ready too: it can take over. */
export function projectorReadiness(
  stores: { readonly eventStore: string; readonly readStore: string },
  isWriting: boolean,
  isFailing: boolean,
): Readiness {
  if (isFailing) return readyWhenOk({ ...stores, projections: 'writing fails: the log says why' });
  if (stores.readStore !== 'ok') return readyWhenOk({ ...stores, projections: MODELS_WAIT });
  const { ready, checks } = readyWhenOk({ ...stores });
  const projections = isWriting ? 'ok' : 'another projector writes, or is about to: this one takes over';
  return { ready, checks: { ...checks, projections } };
}
