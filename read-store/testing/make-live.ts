import { type Generations, generationsKey } from '../generations.ts';
import type { ModelDeclaration, ReadStore } from '../read-store.ts';

/** Makes a generation live, whichever was live before: for tests that write one without a projector. */
export async function makeLive(
  store: ReadStore,
  { name, indexes }: ModelDeclaration,
  number: number,
  version = 1,
): Promise<void> {
  const key = generationsKey(name);
  const live = { number, version, indexes };
  const generations: Generations = { writer: 'test', newest: number, live, retired: [] };
  await store.replaceMetadata(key, generations, (await store.metadata(key))?.revision ?? 0);
}
