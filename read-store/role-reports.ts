import type { ReadStore } from './read-store.ts';

/** Health of a role in one process. */
export interface RoleHealth {
  readonly role: string;
  readonly ready: boolean;
  /** `ok` or a sentence for each dependency. */
  readonly checks: Readonly<Record<string, string>>;
}

/** What a process last reported about its roles. */
export interface RoleReport {
  /** Differs from report to report. Compare it only for equality, since clocks of machines differ. */
  readonly beat: number;
  readonly roles: readonly RoleHealth[];
}

/** Reports by the name of the process: host and process id. */
export type RoleReports = Readonly<Record<string, RoleReport>>;

type Store = Pick<ReadStore, 'metadata' | 'replaceMetadata'>;

/** All reports are one small document, which each process changes every few seconds. */
const NAME = 'role-reports';
const ATTEMPTS = 10;

/** Returns the reports of all processes. Throws what the read store throws. */
export const readRoleReports = async (store: Store): Promise<RoleReports> =>
  ((await store.metadata(NAME))?.body ?? {}) as RoleReports;

/** Stores the report of a process; undefined removes it. Gives up after many conflicts: the next report follows soon. */
export const writeRoleReport = (store: Store, instance: string, report?: RoleReport): Promise<void> =>
  change(store, ({ [instance]: _, ...others }) =>
    report === undefined ? others : { ...others, [instance]: report },
  );

/** Removes a report that has not changed since it was read. */
export const removeRoleReport = (store: Store, instance: string, beat: number): Promise<void> =>
  change(store, (reports) => {
    const { [instance]: found, ...others } = reports;
    return found?.beat === beat ? others : reports;
  });

async function change(store: Store, changed: (reports: RoleReports) => RoleReports): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { revision = 0, body = {} } = (await store.metadata(NAME)) ?? {};
    const after = changed(body as RoleReports);
    if (after === body || (await store.replaceMetadata(NAME, after, revision))) return;
  }
}
