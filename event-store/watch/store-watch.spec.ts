import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { EventStoreAccessDenied, EventStoreUnavailable } from '../errors.ts';
import { silent } from '../logger.ts';
import { eventually } from '../testing/eventually.ts';
import type { EventRef } from './event-ref.ts';
import type { Probe } from './probe.ts';
import { StoreWatch } from './store-watch.ts';

const ref = (stream: string, commit: bigint): EventRef => ({
  stream,
  revision: commit,
  id: `${stream}@${commit}`,
  position: { commit, prepare: commit },
});

/** An event store whose answers the test sets. */
class FakeProbe implements Probe {
  store: string | undefined = 'store-1';
  /** Events that it has lost (`false`), or that a scavenge may have removed (`undefined`). */
  readonly lost = new Map<string, false | undefined>();
  fails: Error | undefined;
  hangs = false;
  deepChecks = 0;
  readonly #hung = new EventEmitter();

  /** Resolves when the next call hangs. */
  hanging(): Promise<unknown> {
    return once(this.#hung, 'hung');
  }

  async head() {
    await this.#answer();
    return { commit: 1n, prepare: 1n };
  }

  async newest() {
    await this.#answer();
    return [];
  }

  async identity() {
    await this.#answer();
    this.deepChecks += 1;
    return this.store;
  }

  async holds({ id }: EventRef) {
    await this.#answer();
    return this.lost.has(id) ? this.lost.get(id) : true;
  }

  reconnect() {}

  async #answer(): Promise<void> {
    if (this.hangs) {
      this.#hung.emit('hung');
      await new Promise(() => {});
    }
    if (this.fails !== undefined) throw this.fails;
  }
}

const watches: StoreWatch[] = [];
afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.close();
});

function watched(timing = { every: 10, limit: 100 }, logger = silent) {
  const probe = new FakeProbe();
  const watch = new StoreWatch(probe, logger, timing);
  watches.push(watch);
  watch.start();
  let changed: string | undefined;
  watch.changed.then((error) => {
    changed = error.message;
  });
  /** Resolves after two more checks of all remembered events. */
  const checkedTwice = async () => {
    const before = probe.deepChecks;
    await eventually(() => expect(probe.deepChecks).toBeGreaterThan(before + 1));
  };
  const isOk = () => eventually(() => expect(watch.check).toBe('ok'));
  return { probe, watch, checkedTwice, isOk, changed: () => changed };
}

describe('the check of the event store', () => {
  it('is ok once the event store has answered, and not before', async () => {
    const { watch, isOk } = watched();
    expect(watch.check).toBe('the event store was not checked yet');
    await isOk();
  });

  it('stays ok while checks are late and other calls are answered, and not longer', async () => {
    const { probe, watch, isOk } = watched({ every: 3_000, limit: 20 });
    await isOk();
    probe.hangs = true;
    for (let n = 1; n <= 5; n++) {
      watch.saw(ref(`order-${n}`, BigInt(n)));
      const late = probe.hanging();
      watch.interrupted();
      await late;
      expect(watch.check).toBe('ok');
    }
    await eventually(() => expect(watch.check).toBe('the event store does not answer'));
  });

  it('reports a store that fails while the process is told of events from elsewhere', async () => {
    const { probe, watch, isOk } = watched({ every: 200, limit: 100 });
    await isOk();
    probe.fails = new EventStoreUnavailable('unavailable');
    await eventually(() => {
      watch.remember(ref('order-1', 500n));
      expect(watch.check).toBe('the event store does not answer');
    });
  });

  it.each([
    ['fails', { fails: new EventStoreUnavailable('10.0.0.7 is unavailable') }],
    ['hangs', { hangs: true }],
  ])('reports a store that %s, without its address, and becomes ok again by itself', async (_, fault) => {
    const { probe, watch, isOk } = watched();
    await isOk();
    Object.assign(probe, fault);
    await eventually(() => expect(watch.check).toBe('the event store does not answer'));
    probe.fails = undefined;
    probe.hangs = false;
    await isOk();
  });

  it('reports why access is denied', async () => {
    const { probe, watch } = watched();
    probe.fails = new EventStoreAccessDenied('no access as user "ann"', 'the event store denies access');
    await eventually(() => expect(watch.check).toBe('the event store denies access'));
  });
});

describe('a changed event store', () => {
  it('is reported when its id differs', async () => {
    const { probe, watch, isOk, changed } = watched();
    await isOk();
    probe.store = 'store-2';
    await eventually(() =>
      expect(changed()).toBe(
        'the event store is another one (store-2) than the one that this process started with (store-1)',
      ),
    );
    expect(watch.check).toBe('the event store is not the one that this process knows: see its log');
  });

  it('is reported when it is empty', async () => {
    const { probe, isOk, changed } = watched();
    await isOk();
    probe.store = undefined;
    await eventually(() => expect(changed()).toMatch(/^the event store is another one \(without a name\)/));
  });

  it('is reported when it has lost a seen event', async () => {
    const { probe, watch, checkedTwice, changed } = watched();
    watch.saw(ref('order-1', 500n));
    await checkedTwice();
    probe.lost.set('order-1@500', false);
    await eventually(() =>
      expect(changed()).toBe(
        'the event store was restored to an older state: it has lost order-1@500 at position 500, which this process has seen',
      ),
    );
  });

  it('is reported although it has events that were seen later', async () => {
    const { probe, watch, checkedTwice, changed } = watched();
    watch.saw(ref('order-1', 500n));
    await checkedTwice();
    probe.lost.set('order-1@500', false);
    watch.saw(ref('order-2', 400n));
    await eventually(() => expect(changed()).toContain('order-1@500'));
  });

  it('is not reported when a scavenge may have removed the event, and earlier ones exist', async () => {
    const { probe, watch, checkedTwice, changed } = watched();
    watch.saw(ref('order-1', 400n));
    await checkedTwice();
    watch.saw(ref('order-2', 500n));
    probe.lost.set('order-2@500', undefined);
    await checkedTwice();
    await checkedTwice();
    expect([changed(), watch.check]).toEqual([undefined, 'ok']);
  });

  it('is not reported for a node that lags behind, and has the event at the next check', async () => {
    const { probe, watch, checkedTwice, isOk, changed } = watched();
    watch.saw(ref('order-1', 500n));
    await checkedTwice();
    probe.lost.set('order-1@500', false);
    await eventually(() => expect(watch.check).not.toBe('ok'));
    probe.lost.clear();
    await isOk();
    expect(changed()).toBeUndefined();
  });
});

describe('cached states', () => {
  it('are trusted before the watch is started', () => {
    expect(new StoreWatch(new FakeProbe(), silent).isTrusted).toBe(true);
  });

  it('are not trusted after a dropped connection until the log is found unchanged', async () => {
    const { probe, watch, isOk } = watched();
    await isOk();
    probe.hangs = true;
    watch.interrupted();
    expect(watch.isTrusted).toBe(false);
    probe.hangs = false;
    await watch.untilTrusted(new AbortController().signal);
    expect(watch.isTrusted).toBe(true);
  });

  it('are not trusted while the event store lacks a seen event', async () => {
    const { probe, watch, checkedTwice, changed } = watched();
    watch.saw(ref('order-1', 500n));
    await checkedTwice();
    probe.lost.set('order-1@500', false);
    watch.interrupted();
    await eventually(() => expect(changed()).toBeDefined());
    expect(watch.isTrusted).toBe(false);
  });
});
