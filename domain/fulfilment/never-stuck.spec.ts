import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../testing/given-when-then.ts';
import { type FulfilmentEvent, WaitKind } from './events.ts';
import type { FulfilmentInput } from './inputs.ts';
import type { FulfilmentState } from './state.ts';
import { policy } from './testing/actions.ts';
import {
  begin,
  commandsCompleted,
  eventInputs,
  parkWait,
  resumeWait,
  timeoutElapsed,
} from './testing/inputs.ts';
import { heartHeld, heartShort, heartUnknown, lanternHeld } from './testing/order.ts';
import { activeWaits, dueWaits } from './waits.ts';
import { fulfilmentWorkflow } from './workflow.ts';

const { decide, evolve, initialState, actions } = fulfilmentWorkflow(policy);
const kinds = WaitKind.options;

/** One step of a run: an input, or the next action of the engine. */
type Step = FulfilmentInput | 'complete the commands' | 'let the timeout elapse';
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<Step>(...eventInputs) },
    { weight: 6, arbitrary: fc.constant<Step>('complete the commands') },
    { weight: 3, arbitrary: fc.constant<Step>('let the timeout elapse') },
    { weight: 3, arbitrary: fc.constantFrom<Step>(...kinds.map((kind) => parkWait(kind))) },
    { weight: 1, arbitrary: fc.constantFrom<Step>(...kinds.map(resumeWait)) },
  ),
  { maxLength: 14 },
);
const beginnings = fc.constantFrom(
  begin(),
  begin([]),
  begin([lanternHeld, heartShort]),
  begin([lanternHeld, heartUnknown]),
);
/** The order arrives after some of the other inputs. */
const stories = fc
  .tuple(fc.array(fc.constantFrom<Step>(...eventInputs), { maxLength: 2 }), beginnings, steps)
  .map(([before, beginning, after]) => [...before, beginning, ...after]);

function run(story: readonly Step[]) {
  let state: FulfilmentState = deepFreeze(initialState);
  const log: FulfilmentEvent[] = [];
  for (const step of story) {
    const recorded = decide(inputOf(step, state), state);
    state = deepFreeze(recorded.reduce(evolve, state));
    log.push(...recorded);
  }
  return { state, log };
}

function inputOf(step: Step, state: FulfilmentState): FulfilmentInput {
  if (step === 'complete the commands')
    return commandsCompleted(actions(state).commandsId, [lanternHeld, heartHeld]);
  if (step === 'let the timeout elapse') return timeoutElapsed(state.timeout?.timeoutId ?? '', '08:40:00');
  return step;
}

const always = (holds: (story: ReturnType<typeof run>) => void) =>
  fc.assert(
    fc.property(stories, (story) => holds(run(story))),
    { numRuns: 500 },
  );

describe('an order in every reachable state', () => {
  it('has commands to send, or waits with a timeout, or is parked, or is complete', () =>
    always(({ state, log }) => {
      const { commands, timeout } = actions(state);
      if (commands.length > 0) expect(timeout).toBeUndefined();
      else if (activeWaits(state).length > 0) expect(timeout).toBeDefined();
      else {
        expect(timeout).toBeUndefined();
        expect(log.at(-1)?.type).toBe(dueWaits(state).length > 0 ? 'WaitParked' : 'FulfilmentCompleted');
      }
    }));
  it('has a `commandsId` exactly when it has commands', () =>
    always(({ state }) => {
      const { commands, commandsId } = actions(state);
      expect(commandsId === '').toBe(commands.length === 0);
    }));
  it('makes its calls under a scheduled timeout, one for each wait at most', () =>
    always(({ state }) => {
      const { calls, timeout } = actions(state);
      if (timeout === undefined) expect(calls).toEqual([]);
      expect(new Set(calls.map(({ type }) => type)).size).toBe(calls.length);
      expect(calls.length).toBeLessThanOrEqual(activeWaits(state).length);
    }));
  it('never charges the customer while it settles or refunds the payment', () =>
    always(({ state }) => {
      const types = actions(state).calls.map(({ type }) => type);
      if (types.includes('CapturePayment')) {
        expect(types).not.toContain('SettlePayment');
        expect(types).not.toContain('RefundPayment');
      }
    }));
  it('records each event of another stream once', () =>
    always(({ state }) => {
      for (const event of eventInputs) {
        const once = decide(event, state).reduce(evolve, state);
        expect(decide(event, once)).toEqual([]);
      }
    }));
});

describe('a wait that is parked', () => {
  it('makes no more calls while other waits do, and can be resumed while the order still needs it', () =>
    fc.assert(
      fc.property(stories, fc.constantFrom(...kinds), (story, kind) => {
        const { state } = run(story);
        const parked = decide(parkWait(kind), state).reduce(evolve, state);
        fc.pre(parked !== state);
        expect(activeWaits(parked)).toEqual(activeWaits(state).filter((other) => other !== kind));
        expect(parked.timeout === undefined).toBe(activeWaits(parked).length === 0);

        const resumed = decide(resumeWait(kind), parked).reduce(evolve, parked);
        expect(activeWaits(resumed)).toEqual(activeWaits(state));
        expect(resumed.timeout).toMatchObject({ waitingFor: kind, attempt: 1 });
      }),
      { numRuns: 300 },
    ));
});
