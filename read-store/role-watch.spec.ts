import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadStore } from './read-store.ts';
import { type RoleHealth, readRoleReports, writeRoleReport } from './role-reports.ts';
import { RoleWatch } from './role-watch.ts';
import { sqliteReadStore } from './testing/adapters.ts';

const ready: RoleHealth = { role: 'read-api', ready: true, checks: { readStore: 'ok' } };
const writeSide: RoleHealth = { role: 'write-side', ready: true, checks: { eventStore: 'ok' } };

let place: ReturnType<typeof sqliteReadStore>;
let store: ReadStore;
let watch: RoleWatch;
let now: number;
beforeEach(async () => {
  place = sqliteReadStore();
  store = await place.open();
  now = 0;
  // Observes only when a spec says so.
  watch = new RoleWatch({ readStore: store, now: () => now, everyMs: 1_000_000 });
  await watch.observe();
});
afterEach(async () => {
  await watch.close();
  await place.dispose();
});

/** Observes every 2 s for a while. */
async function observeFor(ms: number): Promise<void> {
  for (const end = now + ms; now < end; ) {
    now += 2_000;
    await watch.observe();
  }
}

describe('the roles of all processes', () => {
  it('are listed with their health, in a fixed order', async () => {
    await writeRoleReport(store, 'b:2', { beat: 1, roles: [ready] });
    await writeRoleReport(store, 'a:1', { beat: 9, roles: [writeSide, { ...ready, ready: false }] });
    await watch.observe();
    expect(watch.statuses()).toEqual([
      { instance: 'a:1', ...writeSide },
      { instance: 'a:1', ...ready, ready: false },
      { instance: 'b:2', ...ready },
    ]);
  });

  it('disappear at once when their process stops', async () => {
    await writeRoleReport(store, 'a:1', { beat: 1, roles: [ready] });
    await writeRoleReport(store, 'a:1');
    await watch.observe();
    expect(watch.statuses()).toEqual([]);
  });

  it('are not ready within seconds after their process has crashed, and are forgotten after a minute', async () => {
    await writeRoleReport(store, 'a:1', { beat: 1, roles: [ready] });
    await watch.observe();
    await observeFor(4_000);
    expect(watch.statuses()).toMatchObject([{ ready: true }]);
    await observeFor(2_000);
    expect(watch.statuses()).toMatchObject([
      { ready: false, checks: { readStore: 'ok', heartbeat: expect.stringContaining('no report for 6 s') } },
    ]);
    await observeFor(60_000);
    expect(watch.statuses()).toEqual([]);
    expect(await readRoleReports(store)).toEqual({});
  });

  it('stay ready while their process reports, whatever its clock says', async () => {
    for (const beat of [7, 5, 6, 1, 9]) {
      await writeRoleReport(store, 'a:1', { beat, roles: [ready] });
      await observeFor(4_000);
      expect(watch.statuses()).toMatchObject([{ ready: true }]);
    }
  });

  it('do not count as silent for the time in which the observer itself was suspended', async () => {
    await writeRoleReport(store, 'a:1', { beat: 1, roles: [ready] });
    await watch.observe();
    now += 3_600_000;
    await watch.observe();
    expect(watch.statuses()).toMatchObject([{ ready: true }]);
  });

  it('are all kept when many processes report at the same time', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => place.open()));
    await Promise.all(
      stores.map((each, number) => writeRoleReport(each, `host:${number}`, { beat: 1, roles: [ready] })),
    );
    await watch.observe();
    expect(watch.statuses()).toHaveLength(6);
  });
});
