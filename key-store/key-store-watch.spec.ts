import { expect, it, vi } from 'vitest';
import { KeyStoreUnavailable, KeyStoreUnusable } from './errors.ts';
import { KeyStoreWatch } from './key-store-watch.ts';

it('shows the last check of the key store, and logs an outage and its end', async () => {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const ping = vi.fn(async () => {});
  const watch = new KeyStoreWatch({ ping }, logger, 1);
  expect(watch.check).toBe('ok');
  ping.mockRejectedValue(new KeyStoreUnavailable('mongodb://secret@db is away'));
  await vi.waitFor(() => expect(watch.check).toBe('the key store does not answer'));
  ping.mockRejectedValue(new KeyStoreUnusable('/data/keys.db was removed'));
  await vi.waitFor(() => expect(watch.check).toBe('the key store cannot be used: the log says why'));
  ping.mockResolvedValue(undefined);
  await vi.waitFor(() => expect(watch.check).toBe('ok'));
  expect(logger.warn).toHaveBeenCalledTimes(1);
  expect(logger.info.mock.calls.map(([message]) => message)).toEqual(['the key store is available again']);
  await watch.close();
});
