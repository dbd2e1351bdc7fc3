import fc from 'fast-check';
import { expect, it } from 'vitest';
import { productId } from '../../domain/kernel/ids.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { productCreated, stockReceived } from '../testing/events.ts';
import { fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import type { Group, ItemsBody } from './document.ts';
import { itemsProjection } from './projection.ts';
import { findItems, type ItemFilter } from './queries.ts';

const NAMES = ['Mug', 'mug, red', 'Émaille', 'Tray', '𝒳ylophone', '\uffefod', 'ｚebra'];

/** Generates products with a name, some stock, on sale or retired. */
const products = fc.array(
  fc.record({
    name: fc.constantFrom(...NAMES),
    units: fc.oneof(fc.nat(20), fc.constantFrom(0, 1, 2 ** 20, 2 ** 53 - 1)),
    isRetired: fc.boolean(),
  }),
  { maxLength: 12 },
);

it('the list of items with little stock equals a filter over all items, for pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      products,
      fc.oneof(fc.nat(20), fc.constantFrom(2 ** 20, 2 ** 53 - 1)),
      fc.constantFrom<Group>('current', 'retired', 'any'),
      fc.constantFrom(undefined, 'm', 'red'),
      fc.integer({ min: 1, max: 5 }),
      async (made, maxAvailable, group, search, limit) => {
        const place = sqliteReadStore();
        try {
          const items = await (await place.open()).generation<ItemsBody>(itemsProjection, 1);
          const folded = fold(itemsProjection, logOf(made).events);
          await items.commit([...folded.values()], { commit: 10_000n, prepare: 10_000n });
          const walked = async (filter: ItemFilter, size: number) => {
            const found = [];
            let after: Awaited<ReturnType<typeof findItems>>['after'];
            do {
              const page = await findItems(items, filter, { limit: size, ...(after && { after }) });
              expect(page.items.length).toBeLessThanOrEqual(size);
              found.push(...page.items);
              after = page.after;
            } while (after !== undefined);
            return found;
          };
          const all = await walked({ search, group }, 200);
          expect(await walked({ search, group, maxAvailable }, limit)).toEqual(
            all.filter(({ available }) => available <= maxAvailable),
          );
        } finally {
          await place.dispose();
        }
      },
    ),
    { numRuns: 40 },
  );
});

function logOf(made: readonly { name: string; units: number; isRetired: boolean }[]): TestLog {
  const log = new TestLog();
  for (const [number, { name, units, isRetired }] of made.entries()) {
    const id = `p${number}`;
    log.record(`product-${id}`, productCreated(id, name));
    if (units > 0) log.record(`inventory-${id}`, stockReceived(id, units));
    const data = { productId: productId(id), retiredBy: 'olga' };
    if (isRetired) log.record(`product-${id}`, { type: 'ProductRetired', data });
  }
  return log;
}
