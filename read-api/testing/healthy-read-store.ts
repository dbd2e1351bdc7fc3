import type { WatchedReadStore } from '../health.ts';

/** Returns the state of an available read store with a running projector. */
export const healthyReadStore = (): WatchedReadStore => ({
  readStore: 'ok',
  projector: 'ok',
  statuses: [],
  catchingUp: [],
});
