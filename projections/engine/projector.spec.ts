import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventStore } from '../../event-store/event-store.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import { Harness } from './testing/harness.ts';
import { ledger, tally } from './testing/sample-projections.ts';

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
});
afterEach(() => harness.dispose());

const fill = async (from: number, to: number) => {
  let last = { commit: 0n, prepare: 0n };
  for (let quantity = from; quantity <= to; quantity++)
    last = await harness.receive(quantity % 2 ? 'odd' : 'even', quantity);
  return last;
};

describe('a projector', () => {
  it('applies existing and new events once each', async () => {
    await fill(1, 6);
    await harness.start([tally(), ledger()]);
    const last = await fill(7, 10);
    await harness.reached(tally(), last);
    expect(await harness.documents(tally())).toEqual({
      even: { productId: 'even', units: 30, times: 5 },
      odd: { productId: 'odd', units: 25, times: 5 },
    });
    expect((await harness.stored(tally(), 'even'))?.position).toBe(last.commit);
    await harness.reached(ledger(), last);
    expect(Object.keys(await harness.documents(ledger()))).toHaveLength(10);
    await eventually(async () => expect(await harness.status('tally')).toMatchObject({ status: 'live' }));
  });

  it('continues at its checkpoint after a restart', async () => {
    const { stop } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 4));
    await stop();
    const again = await harness.start([tally()]);
    await harness.reached(tally(), await fill(5, 6));
    expect(await harness.documents(tally())).toMatchObject({ even: { times: 3 }, odd: { times: 3 } });
    expect(
      again.faults.commits
        .flatMap(({ documents }) => documents)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['even', 'odd']);
  });

  it('stores the checkpoint of a read model although no event concerns it', async () => {
    const none = tally({ name: 'none' });
    await harness.start([{ ...none, touches: () => [] }]);
    await harness.reached(none, await fill(1, 2));
    expect(await harness.documents(none)).toEqual({});
  });

  it('skips and counts events of unknown types', async () => {
    harness.events.appendRaw('inventory-x', { type: 'StockBlessed', data: {} });
    const { projector } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 2));
    const metrics = await (await fetch(new URL('/metrics', projector.feedUrl))).text();
    expect(metrics).toContain('orderstream_projector_unknown_events_total{type="StockBlessed"} 1');
  });

  it('retries while the read store is unavailable', async () => {
    const { faults } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 2));
    faults.setUnavailable(true);
    const last = await fill(3, 4);
    await eventually(() => expect(faults.refusals).toBeGreaterThan(1));
    faults.setUnavailable(false);
    await harness.reached(tally(), last);
    expect(await harness.documents(tally())).toMatchObject({ even: { units: 6 }, odd: { units: 4 } });
  });
});

describe('a crash within a commit', () => {
  const survivors: [string, (index: number) => boolean][] = [
    ['all documents and no checkpoint', () => true],
    ['some documents', (index) => index === 0],
    ['nothing', () => false],
  ];
  const crashes = survivors.flatMap(([kind, survives]) =>
    [1, 2, 3].map((commit) => ({ kind, survives, commit })),
  );

  it.each(crashes)(
    'that wrote $kind (commit $commit) applies no event twice',
    async ({ survives, commit }) => {
      const tuning = { batch: { maxEntries: 3, maxWaitMs: 0, spacingMs: 0 } };
      await fill(1, 12);
      const { faults } = await startCrashing(commit, survives);
      await harness.start([tally(), ledger()], { tuning: { ...tuning, leaseTtlMs: 100 } });
      const last = await fill(13, 14);
      await harness.reached(tally(), last);
      await harness.reached(ledger(), last);
      expect(faults.commits.length).toBeGreaterThan(0);
      expect(await harness.documents(tally())).toEqual({
        even: { productId: 'even', units: 56, times: 7 },
        odd: { productId: 'odd', units: 49, times: 7 },
      });
      expect(Object.keys(await harness.documents(ledger()))).toHaveLength(14);
    },
  );

  async function startCrashing(commit: number, survives: (index: number) => boolean) {
    const { FaultyReadStore } = await import('./testing/faulty-read-store.ts');
    const faults = new FaultyReadStore(await harness.openReadStore());
    const crashed = faults.crashAt(commit, survives);
    const running = await harness.start([tally(), ledger()], {
      faults,
      tuning: { batch: { maxEntries: 3, maxWaitMs: 0, spacingMs: 0 }, leaseTtlMs: 100 },
    });
    await crashed;
    return running;
  }
});

describe('two projectors: one writes', () => {
  it('and the other takes over when the first stops', async () => {
    const first = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 2));
    const second = await harness.start([tally()]);
    await harness.reached(tally(), await fill(3, 4));
    expect(second.faults.commits).toEqual([]);
    await first.stop();
    await harness.reached(tally(), await fill(5, 6));
    expect(await harness.documents(tally())).toMatchObject({ even: { units: 12 }, odd: { units: 9 } });
    expect(second.faults.commits.length).toBeGreaterThan(0);
    const lease = await (await harness.openReadStore()).currentLease('projector');
    expect(lease?.url).toBe(second.projector.feedUrl);
  });

  it('and one that was suspended in a commit changes nothing when it wakes up', async () => {
    const tuning = { leaseTtlMs: 200 };
    const first = await harness.start([tally()], { tuning });
    await harness.reached(tally(), await fill(1, 2));
    const holding = first.faults.pause();
    const late = await fill(3, 4);
    await holding;
    const second = await harness.start([tally()], { tuning });
    const last = await fill(5, 6);
    await harness.reached(tally(), last);
    const before = await harness.documents(tally());
    first.faults.resume();
    await eventually(() => expect(first.faults.commits).toHaveLength(2));
    const later = await fill(7, 8);
    await harness.reached(tally(), later);
    expect(before).toMatchObject({ even: { units: 12, times: 3 }, odd: { units: 9, times: 3 } });
    expect(await harness.documents(tally())).toMatchObject({
      even: { units: 20, times: 4 },
      odd: { units: 16, times: 4 },
    });
    expect(second.faults.commits.at(-1)?.checkpoint).toEqual(later);
    expect(first.faults.commits.at(-1)?.checkpoint).toEqual(late);
  });
});

describe('a read model that is behind', () => {
  it('has its own subscription, joins the others, and misses no event', async () => {
    const { stop } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 50));
    await stop();
    const store = counting(harness.events);
    await harness.start([tally(), ledger()], { store });
    expect(Object.keys(await harness.documents(tally()))).toHaveLength(2);
    const last = await fill(51, 60);
    await harness.reached(ledger(), last);
    expect(Object.keys(await harness.documents(ledger()))).toHaveLength(60);
    expect(store.opened()).toBe(2);
    await eventually(() => expect(store.open()).toBe(1));
    await harness.reached(ledger(), await fill(61, 62));
    expect(Object.keys(await harness.documents(ledger()))).toHaveLength(62);
  });

  it('joins without a new event', async () => {
    const { stop } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 5));
    await stop();
    const store = counting(harness.events);
    await harness.start([tally(), ledger()], { store });
    await eventually(() => expect([store.opened(), store.open()]).toEqual([2, 1]));
    await eventually(async () => expect(await harness.status('ledger')).toMatchObject({ status: 'live' }));
  });

  it('shares its subscription with read models at the same position', async () => {
    const [a, b] = [tally({ name: 'a' }), tally({ name: 'b' })];
    const { stop } = await harness.start([tally()]);
    await harness.reached(tally(), await fill(1, 5));
    await stop();
    const store = counting(harness.events);
    await harness.start([a, tally(), b], { store });
    await eventually(() => expect([store.opened(), store.open()]).toEqual([2, 1]));
    expect(await harness.documents(a)).toEqual(await harness.documents(b));
  });

  /** Counts the subscriptions for read models, without the one for requests to rebuild them. */
  function counting(inner: EventStore) {
    let [opened, open] = [0, 0];
    const store: EventStore = {
      ...inner,
      subscribe: async function* (options) {
        if (!options.prefixes.includes('order-')) return yield* inner.subscribe(options);
        opened += 1;
        open += 1;
        try {
          yield* inner.subscribe(options);
        } finally {
          open -= 1;
        }
      },
    };
    return { ...store, opened: () => opened, open: () => open };
  }
});

describe('an event that a read model cannot handle', () => {
  it('stops only that read model, with an error in the status, until a fix', async () => {
    let isBroken = true;
    const fussy = tally({ name: 'fussy', fails: (quantity) => isBroken && quantity === 3 });
    await harness.start([tally(), fussy]);
    const last = await fill(1, 6);
    await harness.reached(tally(), last);
    await eventually(async () =>
      expect(await harness.status('fussy')).toEqual({
        name: 'fussy',
        generation: 1,
        status: 'stopped',
        error: { stream: 'inventory-odd', revision: '1', reason: 'RangeError: no good: 3' },
      }),
    );
    expect(await harness.documents(fussy)).toMatchObject({ even: { units: 2 }, odd: { units: 1 } });
    expect(await harness.documents(tally())).toMatchObject({ even: { units: 12 }, odd: { units: 9 } });
    isBroken = false;
    await harness.reached(fussy, await fill(7, 8));
    expect(await harness.documents(fussy)).toMatchObject({ even: { units: 20 }, odd: { units: 16 } });
    await eventually(async () => expect(await harness.status('fussy')).toMatchObject({ status: 'live' }));
  });

  it('stops only the read models that use its type, when its version is newer', async () => {
    const caring = tally({ name: 'caring', eventTypes: ['StockReceived'] });
    const other = tally({ name: 'other', eventTypes: ['StockAdjusted'] });
    await harness.start([caring, other, tally({ name: 'all' })]);
    await harness.reached(caring, await fill(1, 2));
    const data = { productId: 'odd', quantity: 3 };
    harness.events.appendRaw('inventory-odd', {
      type: 'StockReceived',
      data,
      metadata: { schemaVersion: 9 },
    });
    await harness.reached(other, await fill(4, 5));
    expect(await harness.documents(other)).toMatchObject({ even: { units: 6 }, odd: { units: 6 } });
    for (const name of ['caring', 'all'])
      await eventually(async () =>
        expect(await harness.status(name)).toMatchObject({
          status: 'stopped',
          error: {
            stream: 'inventory-odd',
            revision: '1',
            reason: expect.stringContaining('NewerEventVersion'),
          },
        }),
      );
    expect(await harness.documents(caring)).toMatchObject({ even: { units: 2 }, odd: { units: 1 } });
  });

  it('is found in a batch when the store rejects its document', async () => {
    const big = tally({ name: 'big' });
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const broken = {
      ...big,
      evolve: (...[lookup, recorded]: Parameters<typeof big.evolve>) =>
        recorded.stream === 'inventory-odd' && recorded.revision === 3n
          ? new Map([['odd', cyclic]])
          : big.evolve(lookup, recorded),
    };
    await fill(1, 8);
    await harness.start([broken]);
    await eventually(async () =>
      expect(await harness.status('big')).toMatchObject({
        status: 'stopped',
        error: { stream: 'inventory-odd', revision: '3' },
      }),
    );
    expect(await harness.documents(big)).toMatchObject({ even: { units: 12 }, odd: { units: 9 } });
  });
});
