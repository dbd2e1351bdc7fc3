import { ourPrefixes } from '../../event-catalogue/streams.ts';
import { UnreadableEvent } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Position, ReadStore } from '../../read-store/read-store.ts';
import { comparePositions, isAfter } from '../engine/positions.ts';
import type { Projection } from '../projection.ts';
import type { Check } from './check.ts';
import { createModelCheck, type ModelCheck } from './model-check.ts';
import { Reconciliation } from './reconciliation.ts';

export interface VerifyOptions {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly projections: readonly Projection[];
  /**
   * Position of the event up to which both sides are compared; every read model must have passed it. When absent, the
   * checkpoint of the read model that is furthest behind.
   */
  readonly position?: Position;
}

/**
 * Applies all events in memory, compares every document with the stored one, and reconciles stock and money. Works while the
 * shop runs and read models are rebuilt. Throws `EventStoreUnavailable` and `ReadStoreUnavailable`.
 */
export async function verify(options: VerifyOptions): Promise<Check[]> {
  for (;;) {
    const before = await generations(options);
    const checks = await verifyOnce(options);
    // If another generation has become live, documents of the old one may be gone: compare again.
    if (checks.every(({ ok }) => ok) || before === (await generations(options))) return checks;
  }
}

const generations = async ({ readStore, projections }: VerifyOptions): Promise<string> =>
  (await Promise.all(projections.map(({ name }) => readStore.liveGeneration(name)))).join();

async function verifyOnce({ store, readStore, projections, position }: VerifyOptions): Promise<Check[]> {
  const models = await Promise.all(
    projections.map(async (projection) => {
      const documents = await readStore.live<unknown>(projection);
      return { projection, documents, checkpoint: await documents.checkpoint() };
    }),
  );
  const upTo = position ?? models.map(({ checkpoint }) => checkpoint).sort(comparePositions)[0];
  const behind = models
    .filter(({ checkpoint }) => upTo !== undefined && isAfter(upTo, checkpoint))
    .map(({ projection, checkpoint }) => ({
      name: `read model ${projection.name} has passed position ${upTo?.commit}`,
      ok: false,
      expected: `${upTo?.commit} or beyond`,
      actual: `${checkpoint?.commit ?? 'nothing yet'}`,
    }));
  if (behind.length > 0) return behind;

  const checks = models.map(({ projection, documents }) =>
    createModelCheck(projection, documents, upTo?.commit ?? -1n),
  );
  const reconciliation = new Reconciliation();
  try {
    await applyAll(store, checks, reconciliation, upTo);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    return [{ name: 'every event can be read', ok: false, expected: 'all', actual: error.message }];
  }
  const items = checks.find(({ projection }) => projection.name === 'items');
  return [
    ...checks.map((check) => check.result()),
    ...reconciliation.checks((productId) => onHandIn(items, productId)),
  ];
}

async function applyAll(
  store: EventStore,
  checks: readonly ModelCheck[],
  reconciliation: Reconciliation,
  upTo: Position | undefined,
): Promise<void> {
  if (upTo !== undefined)
    for await (const recorded of store.readAll({ prefixes: ourPrefixes })) {
      if (isAfter(recorded.position, upTo)) break;
      reconciliation.apply(recorded);
      for (const check of checks) await check.apply(recorded);
    }
  for (const check of checks) await check.compare();
  if (!checks.some((check) => check.isWaiting())) return;
  const after = upTo === undefined ? {} : { after: upTo };
  for await (const recorded of store.readAll({ prefixes: ourPrefixes, ...after })) {
    for (const check of checks) check.applyLater(recorded);
    if (!checks.some((check) => check.isWaiting())) return;
  }
}

function onHandIn(items: ModelCheck | undefined, productId: string): number | undefined {
  const body = items?.bodyOf(productId);
  if (typeof body !== 'object' || body === null || !('onHand' in body)) return undefined;
  return typeof body.onHand === 'number' ? body.onHand : undefined;
}
