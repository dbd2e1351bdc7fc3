import { pause } from '../platform/async/backoff.ts';
import type { ReadStore } from './read-store.ts';
import { type RoleHealth, type RoleReport, readRoleReports, removeRoleReport } from './role-reports.ts';

/** A role of a process, as an operator sees it. */
export interface RoleStatus extends RoleHealth {
  /** Host and process id. */
  readonly instance: string;
}

export interface RoleWatchOptions {
  readonly readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
  /** Interval of the reads, in milliseconds. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;
/** A process that has not reported for this time is not ready: it reports every 2 s. */
const SILENT_MS = 5_000;
/** Such a process is forgotten after this time: it has crashed. */
const GONE_MS = 60_000;

interface Observed {
  readonly report: RoleReport;
  readonly silentMs: number;
}

/**
 * Follows the reports of all processes. Uses the clock of this process only: a report must change from time to time. A pause
 * of this process itself does not count in full.
 */
export class RoleWatch {
  readonly #options: RoleWatchOptions;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  #observed: ReadonlyMap<string, Observed> = new Map();
  #observedAt: number;

  /** Starts to read at once. */
  constructor(options: RoleWatchOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#observedAt = this.#now();
    this.#watching = this.#watch();
  }

  /** Returns every role of every process that has reported lately, by role and process. */
  statuses(): RoleStatus[] {
    const all = [...this.#observed].flatMap(([instance, { report, silentMs }]) =>
      report.roles.map((role): RoleStatus => {
        if (silentMs < SILENT_MS) return { instance, ...role };
        const heartbeat = `no report for ${Math.round(silentMs / 1000)} s: the process has crashed, or it is cut off`;
        return { instance, ...role, ready: false, checks: { ...role.checks, heartbeat } };
      }),
    );
    return all.sort((one, other) => order(one) - order(other) || one.instance.localeCompare(other.instance));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // While the read store is unavailable, no role can report: everything stays as it is.
      await this.observe().catch(() => {});
      await pause(this.#options.everyMs ?? EVERY_MS, signal);
    }
  }

  /** Reads the reports once. Throws what the read store throws. */
  async observe(): Promise<void> {
    const reports = await readRoleReports(this.#options.readStore);
    const now = this.#now();
    const passedMs = Math.min(now - this.#observedAt, SILENT_MS / 2);
    this.#observedAt = now;
    const before = this.#observed;
    const observed = new Map<string, Observed>();
    for (const [instance, report] of Object.entries(reports)) {
      const known = before.get(instance);
      const silentMs = known?.report.beat === report.beat ? known.silentMs + passedMs : 0;
      if (silentMs < GONE_MS) observed.set(instance, { report, silentMs });
      else await removeRoleReport(this.#options.readStore, instance, report.beat);
    }
    this.#observed = observed;
  }
}

const ORDER = ['write-side', 'process-managers', 'projections', 'read-api', 'gateway'];
const order = ({ role }: RoleStatus): number => (ORDER.includes(role) ? ORDER.indexOf(role) : ORDER.length);
