import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventoryDecider } from '../domain/inventory/decider.ts';
import type { InventoryEvent } from '../domain/inventory/events.ts';
import { levels } from '../domain/inventory/state.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import { collect } from '../event-store/testing/collect.ts';
import { type AppendFault, createInMemoryEventStore } from '../event-store/testing/in-memory-event-store.ts';
import { createCommandHandler } from './create-command-handler.ts';
import { receive, reserve, stock } from './testing/sample-commands.ts';

type Step =
  | { readonly do: 'receive' | 'reserve'; readonly process: 0 | 1; readonly id: number }
  | { readonly do: 'fail'; readonly process: 0 | 1; readonly fault: AppendFault }
  /** Lets commands in flight continue for some microtasks. */
  | { readonly do: 'breathe'; readonly turns: number };

const oneOfTwo = fc.constantFrom<(0 | 1)[]>(0, 1);
const command = fc.record({
  do: fc.constantFrom<('receive' | 'reserve')[]>('receive', 'reserve'),
  process: oneOfTwo,
  id: fc.integer({ min: 0, max: 15 }),
});
const fault = fc.record({
  do: fc.constant('fail' as const),
  process: oneOfTwo,
  fault: fc.constantFrom<AppendFault[]>('answer-lost', 'request-lost', 'unavailable'),
});
const breath = fc.record({ do: fc.constant('breathe' as const), turns: fc.integer({ min: 1, max: 20 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: command },
  { weight: 1, arbitrary: fault },
  { weight: 2, arbitrary: breath },
);

describe('two processes on one stream with random repetitions and failures', () => {
  it('never lose a command, execute it twice or oversell', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const first = createInMemoryEventStore({ catalogue });
        const stores = [first, first.connectAgain()] as const;
        const handlers = stores.map((store) => createCommandHandler({ store, limits: { attempts: 100 } }));
        const succeeded = new Set<string>();
        const sent: Promise<void>[] = [];

        // The same command id may be sent by both processes, several times.
        for (const step of steps) {
          if (step.do === 'fail') stores[step.process].failNextAppend(step.fault);
          else if (step.do === 'breathe')
            for (let turn = 0; turn < step.turns; turn++) await Promise.resolve();
          else {
            const id = `${step.do}-${step.id}`;
            const quantity = 1 + (step.id % 5);
            const request =
              step.do === 'receive'
                ? receive(quantity, id, { lookFrom: 0n })
                : reserve(`order-${step.id}`, quantity, id, { lookFrom: 0n });
            const promise = handlers[step.process]?.handle(request).then(
              () => void succeeded.add(id),
              () => {},
            );
            if (promise !== undefined) sent.push(promise);
          }
        }
        await Promise.all(sent);

        const events = await collect(first.read(stock));
        const ids = events.map(({ metadata }) => metadata.commandId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of succeeded) expect(ids).toContain(id);
        let state = inventoryDecider.initialState;
        for (const { event } of events) {
          state = inventoryDecider.evolve(state, event as InventoryEvent);
          expect(levels(state).available).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 150 },
    );
  });
});
