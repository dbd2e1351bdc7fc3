import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ReadStoreReplaced, ReadStoreUnavailable, ReadStoreUnusable } from './errors.ts';
import type { Lease, ModelStatus } from './read-store.ts';
import { ReadStoreWatch } from './read-store-watch.ts';

const AWAY = 'the read store does not answer';
const NO_PROJECTOR = 'no projector is running: the read models stand still';

class FakeReadStore {
  ping = async () => {};
  reopen = vi.fn(async () => {
    this.ping = async () => {};
  });
  beat = 0;
  owner: string | undefined = 'one';
  isAlive = true;
  models: readonly ModelStatus[] = [];

  currentLease = async (): Promise<Lease | undefined> => {
    if (this.isAlive) this.beat += 1;
    return this.owner === undefined ? undefined : { owner: this.owner, url: '', beat: this.beat };
  };
  statuses = async () => this.models;
}

const watches: ReadStoreWatch[] = [];
afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.close();
});

const lines: string[] = [];
const log = (message: string) => void lines.push(message);
function watched(models: readonly string[] = []) {
  lines.length = 0;
  const readStore = new FakeReadStore();
  const watch = new ReadStoreWatch({
    readStore: readStore as never,
    logger: { info: log, warn: log, error: log },
    models,
    timing: { every: 10, limit: 60, abandon: 120 },
  });
  watches.push(watch);
  return { readStore, watch };
}
const status = (name: string, is: ModelStatus['status']): ModelStatus => ({
  name,
  generation: 1,
  status: is,
});

describe('the check of the read store', () => {
  it.each([
    ['does not answer', AWAY, new ReadStoreUnavailable('MongoDB: connect ECONNREFUSED 10.0.0.7:27017')],
    ['refuses', 'the read store cannot be used: the log says why', new ReadStoreUnusable('user ann')],
  ])(
    'reports one that %s, without its address, and becomes ok again by itself',
    async (_, sentence, error) => {
      const { readStore, watch } = watched();
      await expect.poll(() => watch.readStore).toBe('ok');
      readStore.ping = () => Promise.reject(error);
      await expect.poll(() => watch.readStore).toBe(sentence);
      expect(watch.projector).toMatch(/^the read models stand still/);
      readStore.ping = async () => {};
      await expect.poll(() => watch.readStore).toBe('ok');
    },
  );

  it('reports one that hangs, and checks it again', async () => {
    const { readStore, watch } = watched();
    await expect.poll(() => watch.readStore).toBe('ok');
    readStore.ping = () => new Promise(() => {});
    await expect.poll(() => watch.readStore).toBe(AWAY);
    readStore.ping = async () => {};
    await expect.poll(() => watch.readStore).toBe('ok');
  });

  it('warns once of an outage', async () => {
    const { readStore, watch } = watched();
    readStore.ping = () => Promise.reject(new ReadStoreUnavailable('away'));
    await expect.poll(() => watch.readStore).toBe(AWAY);
    await sleep(100);
    expect(lines).toEqual(['the read store is unavailable']);
  });
});

describe('a replaced read store', () => {
  it('is reopened after all work on it has paused; then the work resumes', async () => {
    const { readStore, watch } = watched();
    const order: string[] = [];
    watch.beforeReopen(async () => {
      order.push('ended');
      return () => order.push('goes on');
    });
    readStore.reopen.mockImplementation(async () => {
      order.push('opened');
      readStore.ping = async () => {};
    });
    readStore.ping = () => Promise.reject(new ReadStoreReplaced('the folder'));
    await expect.poll(() => order).toEqual(['ended', 'opened', 'goes on']);
    await expect.poll(() => watch.readStore).toBe('ok');
    expect(lines[0]).toBe('the folder was removed or replaced while it was in use; reopening it');
  });
});

describe('the check of the projector', () => {
  it('is ok while the lease is renewed', async () => {
    const { watch } = watched();
    await expect.poll(() => watch.projector).toBe('ok');
  });

  it('reports no running projector without a lease', async () => {
    const { readStore, watch } = watched();
    readStore.owner = undefined;
    await expect.poll(() => watch.projector).toBe(NO_PROJECTOR);
  });

  it('reports no running projector when the lease is no longer renewed', async () => {
    const { readStore, watch } = watched();
    await expect.poll(() => watch.projector).toBe('ok');
    readStore.isAlive = false;
    await expect.poll(() => watch.projector, { timeout: 10_000 }).toBe(NO_PROJECTOR);
  });

  it('names models that are catching up, and models without a status', async () => {
    const { readStore, watch } = watched(['orders', 'items', 'sales']);
    readStore.models = [status('orders', 'live'), status('items', 'catching-up')];
    await expect.poll(() => watch.catchingUp).toEqual(['items', 'sales']);
    readStore.models = ['orders', 'items', 'sales'].map((name) => status(name, 'live'));
    await expect.poll(() => watch.catchingUp).toEqual([]);
  });
});
