import { describe, it } from 'vitest';
import { specOf } from '../testing/given-when-then.ts';
import { rebuildDecider } from './decider.ts';
import { rebuildEvents } from './events.ts';

const { given } = specOf(rebuildDecider, rebuildEvents);

const data = {
  rebuildId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
  model: 'orders',
  dryRun: true,
  requestedBy: 'ada',
  requestedAt: '2026-01-31T12:00:00.000Z',
};

describe('a rebuild', () => {
  it('is requested once', () => {
    given()
      .when({ type: 'RequestRebuild', ...data })
      .then({ type: 'RebuildRequested', data });
    given({ type: 'RebuildRequested', data })
      .when({ type: 'RequestRebuild', ...data })
      .thenNothing();
  });
});
