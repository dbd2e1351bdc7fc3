import type { BasicServices } from '../basic-services.ts';
import type { Services } from '../services.ts';
import type { RunningRole } from './running-role.ts';

/**
 * Starts each role. The code of a role is imported only when it starts, since imports slow down the start of a process.
 * The event store is not included: it always runs in its own process.
 */
export const roles = {
  'write-side': async (services: Services): Promise<RunningRole> =>
    (await import('./write-side.ts')).startWriteSide(services),
  'process-managers': async (services: Services): Promise<RunningRole> =>
    (await import('./process-managers.ts')).startProcessManagers(services),
  projections: async (services: Services): Promise<RunningRole> =>
    (await import('./projections.ts')).startProjections(services),
  'read-api': async (services: Services): Promise<RunningRole> =>
    (await import('./read-api.ts')).startReadApi(services),
  gateway: async (services: BasicServices): Promise<RunningRole> =>
    (await import('./gateway.ts')).startGateway(services),
} as const;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

/** Roles that share a process when all are started. The first group runs in the process of the start itself. */
export const processes: readonly [readonly Role[], ...(readonly Role[])[]] = [
  ['write-side', 'process-managers'],
  ['projections', 'read-api'],
  // Alone: what clients do to it, slows nothing else down.
  ['gateway'],
];
