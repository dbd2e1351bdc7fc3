import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitListener, EventLog } from '../../../storage/log.ts';
import { openEventLog } from '../../../storage/sqlite-log.ts';
import { newEvent } from '../../../testing/new-event.ts';
import { LiveEvents } from './live-events.ts';

describe('live events', () => {
  let log: EventLog;
  let live: LiveEvents;

  beforeEach(() => {
    log = openEventLog({ memory: true });
    live = new LiveEvents(log);
  });
  afterEach(async () => {
    live.close();
    await log.close();
  });

  it('arrive after the response to the append, in log order', async () => {
    const seen: string[] = [];
    const delivered = new Promise<void>((resolve) => {
      live.listen('order-1', {
        onEvent: ({ revision }) => {
          seen.push(`event ${revision}`);
          if (revision === 1) resolve();
        },
      });
    });
    for (const revision of [0, 1]) {
      void log
        .append('order-1', [newEvent(`Placed ${revision}`)], 'any')
        .then(() => seen.push(`appended ${revision}`));
    }
    await delivered;
    expect(seen).toEqual(['appended 0', 'appended 1', 'event 0', 'event 1']);
  });

  it('arrive completely from a commit of 150,000 events', async () => {
    const COUNT = 150_000;
    let commit: CommitListener = () => {};
    const many = new LiveEvents({
      onCommitted: (listener) => {
        commit = listener;
        return () => {};
      },
    });
    let seen = 0;
    const delivered = new Promise<void>((resolve) => {
      many.listen(undefined, {
        onEvent: () => {
          seen += 1;
          if (seen === COUNT) resolve();
        },
      });
    });
    const event = { ...newEvent('Placed'), stream: 'order-1', revision: 0, position: 1, created: 0 };
    commit(Array.from({ length: COUNT }, () => event));
    await delivered;
    expect(seen).toBe(COUNT);
  });
});
