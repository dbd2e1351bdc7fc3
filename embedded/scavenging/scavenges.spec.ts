import { describe, expect, it, vi } from 'vitest';
import { openEventLog } from '../storage/sqlite-log.ts';
import { newEvent } from '../testing/new-event.ts';
import { Scavenges } from './scavenges.ts';

describe('an automatic scavenge', () => {
  /** Larger than any number of bytes or ms. */
  const NEVER = Number.MAX_SAFE_INTEGER;

  it.each([
    ['after enough appended bytes', { growthBytes: 1, everyMs: NEVER, idleEveryMs: NEVER }],
    ['some time after an append', { growthBytes: NEVER, everyMs: 1, idleEveryMs: NEVER }],
    ['regularly without appends, for $maxAge', { growthBytes: NEVER, everyMs: NEVER, idleEveryMs: 1 }],
  ])('starts %s and leaves no record', async (_, due) => {
    const log = openEventLog({ memory: true });
    const onError = vi.fn();
    const scavenges = new Scavenges({
      log,
      nodeEndpoint: () => '127.0.0.1:2113',
      onError,
      schedule: { checkEveryMs: 5, ...due },
    });
    await log.append('a', [newEvent('A'), newEvent('B')], 'any');
    const metadata = newEvent('$metadata', { data: Buffer.from('{"$maxCount":1}') });
    await log.append('$$a', [metadata], 'any');
    scavenges.open();

    const types = () => log.readAllForwards(0, 100).events.map(({ type }) => type);
    await expect.poll(types).toEqual(['$metadata', 'B', '$metadata']);
    expect([scavenges.current, scavenges.last.result]).toEqual([undefined, 'Unknown']);
    await scavenges.close();
    await log.close();
    expect(onError).not.toHaveBeenCalled();
  });
});
