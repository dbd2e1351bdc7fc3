import type { Services } from '../services.ts';
import { startProcessManagers } from './process-managers.ts';
import { startProjections } from './projections.ts';
import { startReadApi } from './read-api.ts';
import type { Running } from './running.ts';
import { startWriteSide } from './write-side.ts';

/** What each role starts. The event store is not among them: it is always a process of its own. */
export const roles = {
  'write-side': startWriteSide,
  'process-managers': startProcessManagers,
  projections: startProjections,
  'read-api': startReadApi,
} as const satisfies Record<string, (services: Services) => Promise<Running>>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

/** Roles that share a process when all are started: the first group stays in the process that was started. */
export const processes: readonly [readonly Role[], ...(readonly Role[])[]] = [
  ['write-side', 'process-managers'],
  ['projections', 'read-api'],
];
