import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newEvent } from '../../testing/new-event.ts';
import type { EventLog } from '../log.ts';
import { openEventLog } from '../sqlite-log.ts';

afterEach(() => vi.useRealTimers());

const STREAMS = ['a', 'b', 'a-c'] as const;
const stream = fc.constantFrom(...STREAMS);
const metadata = fc.oneof(
  fc.record({ $maxCount: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ $tb: fc.integer({ min: 0, max: 8 }) }),
  fc.record({ $maxAge: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ $maxCount: fc.integer({ min: 1, max: 6 }), $tb: fc.integer({ min: 0, max: 6 }) }),
  fc.constantFrom({}, { $maxCount: 'many' }),
);
const operation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('append'), stream, count: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('describe'), stream, metadata }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait'), seconds: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), stream }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tombstone'), stream: fc.constantFrom('a', '$$b') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('scavenge'), steps: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
);

/** Returns the results of stream reads, from several revisions and in both directions. */
const everyRead = (subject: EventLog) =>
  STREAMS.flatMap((name) => [name, `$$${name}`]).map((name) => ({
    name,
    head: subject.headRevision(name),
    forwards: [0, 1, 3, 7].map((from) => subject.readStreamForwards(name, from, 3)),
    whole: subject.readStreamForwards(name, 0, 1_000),
    backwards: [2, 6, Infinity].map((from) => subject.readStreamBackwards(name, from, 3)),
  }));

describe('a partial or complete scavenge after random appends, metadata changes and deletions', () => {
  it('does not change stream reads, and keeps in $all the events that they return', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
        const place = mkdtempSync(path.join(tmpdir(), 'scavenge-'));
        let subject = openEventLog({ dataDir: place });
        let written = 0;
        try {
          for (const step of operations) {
            if (step.kind === 'append') {
              const events = Array.from({ length: step.count }, () => newEvent(`E${written++}`));
              await subject.append(step.stream, events, 'any');
            } else if (step.kind === 'describe') {
              const data = Buffer.from(JSON.stringify(step.metadata));
              await subject.append(`$$${step.stream}`, [newEvent(`M${written++}`, { data })], 'any');
            } else if (step.kind === 'wait') vi.setSystemTime(Date.now() + step.seconds * 1000);
            else if (step.kind === 'delete') await subject.softDelete(step.stream, 'any');
            else if (step.kind === 'tombstone') await subject.tombstone(step.stream, 'any');
            else if (step.kind === 'restart') {
              await subject.close();
              subject = openEventLog({ dataDir: place });
            } else {
              const [reads, last] = [everyRead(subject), subject.lastPosition()];
              const before = subject.readAllForwards(0, 1_000).events;
              const pass = subject.scavenge();
              for (let count = 0; count < step.steps && pass.step(); count++);
              expect(everyRead(subject)).toEqual(reads);
              expect(subject.lastPosition()).toBe(last);
              const after = subject.readAllForwards(0, 1_000).events;
              const kept = new Set(after.map(({ position }) => position));
              expect(after).toEqual(before.filter(({ position }) => kept.has(position)));
              const shown = reads.flatMap(({ whole }) => whole.events.map(({ position }) => position));
              expect(shown.filter((position) => !kept.has(position))).toEqual([]);
            }
          }
        } finally {
          await subject.close();
          rmSync(place, { recursive: true, force: true });
        }
      }),
      { numRuns: 60 },
    );
  });
});
