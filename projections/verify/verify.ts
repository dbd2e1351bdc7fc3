import { ourPrefixes } from '../../event-catalogue/streams.ts';
import { NewerEventVersion, UndecodableEvent } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Position, ReadStore } from '../../read-store/read-store.ts';
import { comparePositions, isAfter } from '../engine/positions.ts';
import type { Projection } from '../projection.ts';
import type { Check } from './check.ts';
import { type ModelCheck, modelCheck } from './model-check.ts';
import { Reconciliation } from './reconciliation.ts';

export interface VerifyOptions {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly projections: readonly Projection[];
  /**
   * Up to where both sides are compared, an event's position; every model must have passed it. When absent, as far as the
   * model that is latest behind.
   */
  readonly position?: Position;
}

/**
 * Folds all events anew, in memory, compares every document of every model with the stored one, and checks the books of
 * stock and money. The shop may go on meanwhile, and models may be rebuilt. Throws `EventStoreUnavailable` and `ReadStoreUnavailable`.
 */
export async function verify(options: VerifyOptions): Promise<Check[]> {
  for (;;) {
    const before = await generations(options);
    const checks = await verifyOnce(options);
    // Of a generation that another has replaced documents may be gone: that says nothing.
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
    modelCheck(projection, documents, upTo?.commit ?? -1n),
  );
  const books = new Reconciliation();
  try {
    await foldAll(store, checks, books, upTo);
  } catch (error) {
    if (!(error instanceof NewerEventVersion || error instanceof UndecodableEvent)) throw error;
    return [{ name: 'every event can be read', ok: false, expected: 'all', actual: error.message }];
  }
  const items = checks.find(({ projection }) => projection.name === 'items');
  return [
    ...checks.map((check) => check.result()),
    ...books.checks((productId) => onHandIn(items, productId)),
  ];
}

async function foldAll(
  store: EventStore,
  checks: readonly ModelCheck[],
  books: Reconciliation,
  upTo: Position | undefined,
): Promise<void> {
  if (upTo !== undefined)
    for await (const recorded of store.readAll({ prefixes: ourPrefixes })) {
      if (isAfter(recorded.position, upTo)) break;
      books.fold(recorded);
      for (const check of checks) await check.fold(recorded);
    }
  for (const check of checks) await check.compare();
  if (!checks.some((check) => check.isWaiting())) return;
  const after = upTo === undefined ? {} : { after: upTo };
  for await (const recorded of store.readAll({ prefixes: ourPrefixes, ...after })) {
    for (const check of checks) check.foldLater(recorded);
    if (!checks.some((check) => check.isWaiting())) return;
  }
}

function onHandIn(items: ModelCheck | undefined, productId: string): number | undefined {
  const body = items?.folded(productId);
  if (typeof body !== 'object' || body === null || !('onHand' in body)) return undefined;
  return typeof body.onHand === 'number' ? body.onHand : undefined;
}
