import { expect, it } from 'vitest';
import { estimateRebuild } from './rebuild-estimate.ts';

const building = { generation: 2, phase: 'building' } as const;

it('the estimate of a rebuild extrapolates the progress so far', () => {
  const progress = { ...building, from: '0', position: '250', target: '1000', events: 500, elapsedMs: 2_000 };
  expect(estimateRebuild(progress)).toEqual({ fraction: 0.25, eventsPerSecond: 250, secondsLeft: 6 });
});

it('the estimate of a resumed rebuild uses only the progress since then', () => {
  const progress = {
    ...building,
    from: '500',
    position: '750',
    target: '1000',
    events: 90,
    elapsedMs: 3_000,
  };
  expect(estimateRebuild(progress)).toEqual({ fraction: 0.75, eventsPerSecond: 30, secondsLeft: 3 });
});

it.each([
  ['at its beginning', '0', '1000', { fraction: 0, eventsPerSecond: 0, secondsLeft: undefined }],
  ['of an empty log', '0', '0', { fraction: 1, eventsPerSecond: 0, secondsLeft: undefined }],
])('the estimate of a rebuild %s is 0 events per second', (_, position, target, expected) => {
  expect(estimateRebuild({ ...building, from: '0', position, target, events: 0, elapsedMs: 0 })).toEqual(
    expected,
  );
});
