import { afterEach, beforeEach, describe } from 'vitest';
import type { Generation, ReadStore } from '../read-store.ts';
import { adapters, type TestReadStore } from './adapters.ts';
import { type Book, books } from './books.ts';

/** What a test of the contract works with. */
export interface ContractTest {
  /** The adapter: `SQLite` or `MongoDB`. */
  readonly adapter: string;
  /** The data of the test; `open` it again to act as another process. */
  place: TestReadStore;
  store: ReadStore;
  /** The first generation of `books`. */
  generation: Generation<Book>;
}

/** Runs the specs once for each adapter; each test has a read store of its own. */
export function describeReadStore(specs: (test: ContractTest) => void): void {
  describe.each(adapters())('the read store on $name', ({ name, create }) => {
    const test = { adapter: name } as ContractTest;
    beforeEach(async () => {
      test.place = create();
      test.store = await test.place.open();
      test.generation = await test.store.generation<Book>(books, 1);
    });
    afterEach(() => test.place.dispose());
    specs(test);
  });
}
