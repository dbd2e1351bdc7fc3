import { afterAll, expect, it } from 'vitest';
import { systemMetadata } from '../../event-store/codec/recorded-event.ts';
import { Unavailable } from '../../platform/http/response/errors.ts';
import { Harness } from '../engine/testing/harness.ts';
import { sessionsProjection } from './projection.ts';
import { createSessionList } from './session-list.ts';
import { laptop, phone, sessionEnded, sessionStarted } from './testing/events.ts';

const harness = new Harness();
afterAll(() => harness.dispose());

const append = async (event: ReturnType<typeof sessionStarted>) => {
  const { sessionId } = event.data;
  const metadata = systemMetadata(`${event.type}-${sessionId}`);
  return (await harness.events.append(`session-${sessionId}`, [{ event, metadata }], 'any')).position;
};

it('lists the open sessions of a user, with those that were started a moment ago', async () => {
  const list = createSessionList(() => harness.openReadStore(), 60_000);
  await append(sessionStarted(laptop));
  await append(sessionStarted(phone));
  const position = await append(sessionEnded(laptop));
  const listing = list('ann', position);
  await harness.start([sessionsProjection]);
  expect(await listing).toMatchObject([{ sessionId: phone }]);
  expect(await list('bob', position)).toEqual([]);
});

it('lists what there is when the read model does not get there in time', async () => {
  const { commit, prepare } = await append(sessionEnded(phone));
  const list = createSessionList(() => harness.openReadStore(), 100);
  expect(await list('bob', { commit: commit + 1_000n, prepare })).toEqual([]);
});

it('is unavailable while the read store does not respond', async () => {
  const list = createSessionList(() => new Promise(() => {}), 10);
  await expect(list('ann', undefined)).rejects.toThrow(Unavailable);
});
