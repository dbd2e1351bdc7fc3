import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandFailed } from '../errors.ts';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { type RebuildOptions, rebuildOnServer } from './rebuild.ts';

const names = ['orders', 'sales'];

describe('a rebuild on a server', () => {
  let gateway: FakeGateway;
  let printed = '';
  beforeEach(async () => {
    gateway = await startFakeGateway();
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await gateway.close();
  });

  /** Each rebuild has the id of its model, is seen once while it runs, and ends so. */
  function endWith(ends: Readonly<Record<string, object>>) {
    const seen = new Set<string>();
    gateway.answerWith(({ method, url }) => {
      const path = url.split('/');
      if (method === 'POST') return { status: 202, body: { rebuildId: path.at(-2) } };
      if (url === '/api/v1/projections') return { body: { items: names.map((name) => ({ name })) } };
      const model = String(path.at(-1));
      const common = { rebuildId: model, model, done: 5, total: 10 };
      if (seen.has(model)) return { body: { ...common, ...ends[model] } };
      seen.add(model);
      return { body: { ...common, status: 'running' } };
    });
  }
  const rebuild = (models: readonly string[], options: RebuildOptions = {}) =>
    rebuildOnServer(models, { server: gateway.url, token: 'a.b.c', ...options });
  const posts = () => gateway.requests.filter(({ method }) => method === 'POST');

  it('requests each named read model once, and prints the live generations', async () => {
    endWith({ orders: { status: 'done', generation: 4 } });
    expect(await rebuild(['orders', 'orders'])).toBe(true);
    expect(posts()).toMatchObject([{ url: '/api/v1/projections/orders/rebuild', body: { dryRun: false } }]);
    expect(printed).toBe('orders: rebuilt; generation 4 is live.\n');
  });

  it('requests all of them with --all', async () => {
    endWith({ orders: { status: 'done', generation: 2 }, sales: { status: 'done', generation: 3 } });
    expect(await rebuild([], { all: true })).toBe(true);
    expect(posts()).toHaveLength(2);
  });

  it('fails when something differs, and prints what', async () => {
    const differences = [{ id: '2026-01-05', difference: 'it is missing' }];
    endWith({ sales: { status: 'done', differing: 1, differences } });
    expect(await rebuild(['sales'], { dryRun: true })).toBe(false);
    expect(posts()).toMatchObject([{ body: { dryRun: true } }]);
    expect(printed).toBe('sales: 1 differ:\n  2026-01-05: it is missing\n');
  });

  it('fails when it stopped or was refused, and prints the whole response with --json', async () => {
    const error = { stream: 'order-1', revision: '0', reason: 'Error: broken' };
    endWith({ orders: { status: 'stopped', error }, sales: { status: 'refused' } });
    expect(await rebuild(names, { json: true })).toBe(false);
    expect(JSON.parse(printed).items).toMatchObject([{ error }, { status: 'refused' }]);
  });

  it('is a usage error without a read model', async () => {
    await expect(rebuild([])).rejects.toThrow(CommandFailed);
    expect(gateway.requests).toEqual([]);
  });
});
