import { hostname } from 'node:os';
import { pause } from '../../platform/async/backoff.ts';
import { type RoleHealth, writeRoleReport } from '../../read-store/role-reports.ts';
import type { Services } from '../services.ts';
import type { RunningRole } from './running-role.ts';

const EVERY_MS = 2_000;
const ANSWER_MS = 1_500;

/** Reports the health of this process's roles to the read store, for `GET /api/v1/status`. Removes the report at the stop. */
export function reportRoles(
  services: Services,
  roles: readonly { readonly name: string; readonly role: RunningRole }[],
): RunningRole {
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, services.stopping]);
  const instance = `${hostname()}:${process.pid}`;
  const report = async () => {
    const readStore = await services.readStore();
    while (!signal.aborted) {
      const health = await Promise.all(roles.map(({ name, role }) => healthOf(name, role)));
      // A report that fails is followed by the next one.
      await writeRoleReport(readStore, instance, { beat: Date.now(), roles: health }).catch(() => {});
      await pause(EVERY_MS, signal);
    }
    await writeRoleReport(readStore, instance).catch(() => {});
  };
  // Rejects when the read store cannot be opened: the roles that need it say so.
  const reporting = report().catch(() => {});
  return {
    addresses: {},
    stop: async () => {
      stopping.abort();
      await Promise.race([reporting, pause(ANSWER_MS)]);
    },
  };
}

/** Asks the role itself, over HTTP, as a load balancer would. */
async function healthOf(role: string, { addresses }: RunningRole): Promise<RoleHealth> {
  const [url] = Object.values(addresses);
  try {
    const response = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(ANSWER_MS) });
    const { checks = {} } = (await response.json()) as { readonly checks?: Record<string, string> };
    return { role, ready: response.ok, checks };
  } catch {
    return { role, ready: false, checks: { http: `its port does not answer within ${ANSWER_MS / 1000} s` } };
  }
}
