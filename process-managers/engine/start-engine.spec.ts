import { once } from 'node:events';
import { Registry } from 'prom-client';
import { expect, it, vi } from 'vitest';
import { initialParking } from '../../domain/parking/state.ts';
import { silent } from '../../event-store/logger.ts';
import type { ConsumerOptions } from '../../event-store/subscriptions/persistent-subscription.ts';
import { openingStock } from '../opening-stock/opening-stock.ts';
import { type EngineOptions, startEngine } from './start-engine.ts';

it('the engine delivers events again that the event store has parked, in the group of replay requests too', async () => {
  const replayed: string[] = [];
  const store = {
    consumeGroup: async ({ signal }: ConsumerOptions) =>
      void (signal.aborted || (await once(signal, 'abort'))),
    groupStatistics: async () => ({ parked: 1 }),
    replayParked: async (group: string) => void replayed.push(group),
  };
  const engine = startEngine(
    {
      store,
      handler: { handle: async () => ({ events: [], state: initialParking }), cachedState: () => undefined },
      readStore: {},
      dependencies: () => ({}),
      logger: silent,
      metrics: new Registry(),
      clock: () => new Date(),
    } as unknown as EngineOptions,
    (create) => [create(openingStock)],
  );
  await vi.waitFor(() => expect(replayed).toEqual(['opening-stock', 'parking']));
  await engine.stop();
});
