import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerId } from '../kernel/ids.ts';
import { attempt, deepFreeze } from '../testing/given-when-then.ts';
import { sessionDecider } from './decider.ts';
import type { SessionEvent } from './events.ts';
import { REUSE_WITHIN_MS } from './lifetimes.ts';
import type { SessionState } from './state.ts';

/** The hash of the n-th token of a session. Its successor is the n+1-th, for each client that presents it. */
const hash = (n: number) => String(n).padStart(43, '0');
const time = (ms: number) => new Date(Date.UTC(2026, 0, 5) + ms).toISOString();

const begun = attempt(sessionDecider, deepFreeze(sessionDecider.initialState), {
  type: 'StartSession',
  sessionId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
  userId: customerId('ann'),
  userRevision: 0n,
  tokenHash: hash(0),
  at: time(0),
}).state;

const refresh = (state: SessionState, token: number, ms: number) =>
  attempt(sessionDecider, state, {
    type: 'RefreshSession',
    presentedHash: hash(token),
    nextHash: hash(token + 1),
    at: time(ms),
  });

/** Requests in the order in which they are decided: which of the tokens so far is presented, and the pause before. */
const requests = fc.array(
  fc.record({ back: fc.nat(3), pauseMs: fc.constantFrom(0, 1, 500, REUSE_WITHIN_MS, REUSE_WITHIN_MS + 1) }),
  { maxLength: 40 },
);

describe('after refreshes of any clients in any order', () => {
  it('the session goes on exactly while no token comes later than 10 s after its use', () => {
    fc.assert(
      fc.property(requests, (all) => {
        let [state, now, current]: [SessionState, number, number] = [begun, 0, 0];
        const spentAt = new Map<number, number>();
        for (const { back, pauseMs } of all) {
          now += pauseMs;
          const token = Math.max(0, current - back);
          const { events, state: next } = refresh(state, token, now);
          if (state.status === 'ended') expect(events).toEqual([]);
          else if (token === current) {
            expect(events.map(({ type }) => type)).toEqual(['SessionRefreshed']);
            spentAt.set(token, now);
            current += 1;
          } else {
            const isLate = now - (spentAt.get(token) ?? Number.NaN) > REUSE_WITHIN_MS;
            expect(events.map(({ type }) => type)).toEqual(isLate ? ['SessionEnded'] : []);
          }
          state = next;
          if (state.status === 'active') expect(state.tokenHash).toBe(hash(current));
        }
      }),
    );
  });

  it('of requests with the same token within 10 s, one is recorded and all find its successor', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(REUSE_WITHIN_MS), { minLength: 2, maxLength: 20 }), (delays) => {
        let state = begun;
        const recorded: SessionEvent[] = [];
        for (const delay of delays) {
          // The clocks of processes differ, so a later decision may have an earlier time.
          const decided = refresh(state, 0, delay);
          recorded.push(...decided.events);
          state = decided.state;
          expect(state).toMatchObject({ status: 'active', tokenHash: hash(1) });
        }
        expect(recorded).toHaveLength(1);
      }),
    );
  });
});
