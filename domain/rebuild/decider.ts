import type { Decider } from '../kernel/decider.ts';
import type { RebuildEvent } from './events.ts';

export type RequestRebuild = {
  readonly type: 'RequestRebuild';
} & RebuildEvent['data'];

export interface RebuildState {
  readonly isRequested: boolean;
}

/** One rebuild of a read model. The projector follows the requests and carries them out. */
export const rebuildDecider: Decider<RebuildState, RequestRebuild, RebuildEvent> = {
  decide: ({ type: _, ...data }, { isRequested }) =>
    isRequested ? [] : [{ type: 'RebuildRequested', data }],
  evolve: () => ({ isRequested: true }),
  initialState: { isRequested: false },
};
