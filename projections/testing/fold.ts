import type { Stored } from '../../read-store/read-store.ts';
import type { DefinedProjection } from '../define-projection.ts';
import type { RecordedShopEvent } from '../shop-event.ts';
import { deepFreeze } from './log.ts';

export type Folded<Body> = ReadonlyMap<string, Stored<Body>>;

/**
 * Folds events into documents as the projector does: an event is skipped for a document that already has it, and a model
 * that only grows reads nothing back. Throws when a body does not fit the document's schema; bodies are frozen, so an
 * `evolve` that mutates one throws too.
 */
export function fold<Body>(
  projection: DefinedProjection<Body>,
  events: readonly RecordedShopEvent[],
  from: Folded<Body> = new Map(),
): Folded<Body> {
  const documents = new Map(from);
  for (const recorded of events) {
    const touched = new Set(projection.touches(recorded));
    if (touched.size === 0) continue;
    const lookup = (id: string): Body | undefined => {
      if (!touched.has(id)) throw new Error(`${recorded.event.type} looks up ${id}, which it does not touch`);
      return projection.growsOnly === true ? undefined : documents.get(id)?.body;
    };
    for (const [id, body] of projection.evolve(lookup, recorded)) {
      if (!touched.has(id)) throw new Error(`${recorded.event.type} writes ${id}, which it does not touch`);
      const position = recorded.position.commit;
      if ((documents.get(id)?.position ?? -1n) >= position) continue;
      projection.document.parse(body);
      documents.set(id, deepFreeze({ id, position, body }));
    }
  }
  return documents;
}

/** The bodies by id, in order of id. */
export const bodies = <Body>(folded: Folded<Body>): Record<string, Body> =>
  Object.fromEntries([...folded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, { body }]) => [id, body]));

/**
 * Folds the events again after every crash that could have happened: a batch of which all, none or only some documents
 * were written, then the same events once more. Returns the sets of documents that differ from an undisturbed fold.
 */
export function differencesAfterCrashes<Body>(
  projection: DefinedProjection<Body>,
  events: readonly RecordedShopEvent[],
): Folded<Body>[] {
  const expected = JSON.stringify(bodies(fold(projection, events)));
  const survivors: ((index: number) => boolean)[] = [
    () => true,
    (index) => index % 2 === 0,
    (index) => index % 2 === 1,
  ];
  return events.flatMap((_, start) =>
    events.slice(start).flatMap((_, length) => {
      const before = fold(projection, events.slice(0, start));
      const batch = fold(projection, events.slice(start, start + length + 1), before);
      return survivors
        .map((survives) => new Map([...before, ...[...batch].filter((_, index) => survives(index))]))
        .map((crashed) => fold(projection, events.slice(start), crashed))
        .filter((folded) => JSON.stringify(bodies(folded)) !== expected);
    }),
  );
}
