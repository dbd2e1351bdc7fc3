import type { WatchedReadStore } from '../health.ts';

/** A read store that is well, with a projector at work. */
export const wellWatched = (): WatchedReadStore => ({
  readStore: 'ok',
  projector: 'ok',
  statuses: [],
  catchingUp: [],
});
