import { type Generations, generationsNote } from '../generations.ts';
import type { ModelDeclaration, ReadStore } from '../read-store.ts';

/** Makes a generation the live one, whatever is live: for tests that build one by hand. */
export async function makeLive(
  store: ReadStore,
  { name, indexes }: ModelDeclaration,
  number: number,
  version = 1,
): Promise<void> {
  const note = generationsNote(name);
  const live = { number, version, indexes };
  const generations: Generations = { writer: 'test', newest: number, live, retired: [] };
  await store.replaceNote(note, generations, (await store.note(note))?.revision ?? 0);
}
