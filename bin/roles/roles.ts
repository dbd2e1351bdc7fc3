import type { Services } from '../services.ts';
import type { Running } from './running.ts';

/**
 * What each role starts; its code is read from disk only then, since every process that is started pays for what it
 * loads. The event store is not among them: it is always a process of its own.
 */
export const roles = {
  'write-side': async (services: Services): Promise<Running> =>
    (await import('./write-side.ts')).startWriteSide(services),
  'process-managers': async (services: Services): Promise<Running> =>
    (await import('./process-managers.ts')).startProcessManagers(services),
  projections: async (services: Services): Promise<Running> =>
    (await import('./projections.ts')).startProjections(services),
  'read-api': async (services: Services): Promise<Running> =>
    (await import('./read-api.ts')).startReadApi(services),
} as const;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

/** Roles that share a process when all are started: the first group stays in the process that was started. */
export const processes: readonly [readonly Role[], ...(readonly Role[])[]] = [
  ['write-side', 'process-managers'],
  ['projections', 'read-api'],
];
