import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WaitKind } from './events.ts';
import type { FulfilmentInput } from './inputs.ts';
import { fulfilmentPolicy } from './policy.ts';
import type { FulfilmentState } from './state.ts';
import { policy } from './testing/actions.ts';
import { begin, commandsCompleted, eventInputs, timeoutElapsed, waitInputs } from './testing/inputs.ts';
import { heartHeld, heartShort, heartUnknown, lanternHeld } from './testing/order.ts';
import { type Phase, phaseOf } from './testing/phase.ts';
import { waits } from './waits.ts';
import { fulfilmentWorkflow } from './workflow.ts';

/** The first timeout of a payment is also its last: the number of attempts changes no phase. */
const { decide, evolve, initialState, actions } = fulfilmentWorkflow({ ...policy, paymentGiveUpMs: 1 });

/** The results of the reservations: held, short, or unknown. */
const reservations = [heartHeld, heartShort, heartUnknown].map((heart) => [lanternHeld, heart]);
const always: readonly FulfilmentInput[] = [
  begin([]),
  ...reservations.map(begin),
  ...eventInputs,
  ...waitInputs,
];

/** Returns every input that can arrive in a state: events of other streams arrive at any time. */
function inputsOf(state: FulfilmentState): readonly FulfilmentInput[] {
  const { commandsId, timeout } = actions(state);
  const results = commandsId === '' ? [] : reservations;
  return [
    ...always,
    ...results.map((each) => commandsCompleted(commandsId, each)),
    ...(timeout === undefined ? [] : [timeoutElapsed(timeout.timeoutId, '08:40:00')]),
  ];
}

/** Returns the same text for states that differ only in texts and numbers that decide nothing. */
const signatureOf = (state: FulfilmentState): string =>
  JSON.stringify({
    ...state,
    order: state.order !== undefined,
    closings: Object.keys(state.closings),
    refund: state.refund.status,
    exceptions: state.exceptions.filter(({ kind }) => kind === 'dispatched-after-cancel').length,
    done: [...new Set(state.done)].sort(),
    timeout: state.timeout?.waitingFor,
    timeouts: undefined,
    parked: Object.keys(state.parked).sort(),
    everParked: undefined,
    reason: undefined,
    short: undefined,
  });

/** Returns all transitions between phases, as lines of the diagram. */
function explore(): Set<string> {
  const transitions = new Set<string>();
  const known = new Set([signatureOf(initialState)]);
  const unexplored: FulfilmentState[] = [initialState];
  // The loop also visits the states that it adds.
  for (const state of unexplored)
    for (const input of inputsOf(state)) {
      let reached = state;
      for (const event of decide(input, state)) {
        const from = phaseOf(reached);
        reached = evolve(reached, event);
        const to = phaseOf(reached);
        if (from !== to) transitions.add(`${nameOf(from)} --> ${nameOf(to)} : ${event.type}`);
      }
      if (reached === state) continue;
      const signature = signatureOf(reached);
      if (!known.has(signature)) unexplored.push(reached);
      known.add(signature);
    }
  return transitions;
}

/** Returns the name of a phase in the diagram, where no name may contain a dash. */
const nameOf = (phase: Phase): string => phase.replaceAll(/-./g, (dash) => dash.slice(1).toUpperCase());

const document = readFileSync(new URL('../../docs/fulfilment.md', import.meta.url), 'utf8');
const [, diagram = ''] = /```mermaid\n(stateDiagram-v2\n.*?)```/s.exec(document) ?? [];

/** Returns the transitions that the diagram draws. An arrow from a frame holds for each phase in it. */
function drawn(): string[] {
  const frames = new Map(
    [...diagram.matchAll(/as (\w+) \{(.*?)\}/gs)].map(([, name, inside = '']) => [
      name,
      new Set([...inside.matchAll(/(\w+) -->/g)].map(([, phase]) => phase)),
    ]),
  );
  return [...diagram.matchAll(/^ *(\w+) --> (\w+) : (.+)$/gm)].flatMap(([, origin, to, events = '']) =>
    [...(frames.get(origin) ?? [origin])].flatMap((from) =>
      events.split('<br/>').map((event) => `${from} --> ${to} : ${event}`),
    ),
  );
}

describe('the diagram in docs/fulfilment.md', () => {
  it('starts with the phase of a new order', () =>
    expect(diagram).toContain(`[*] --> ${nameOf(phaseOf(initialState))}\n`));

  it(
    'has every transition that the workflow can make, and no other',
    () => expect(drawn().sort()).toEqual([...explore()].sort()),
    60_000,
  );

  it('draws one arrow from a phase to another', () => {
    const arrows = diagram.match(/\w+ --> \w+/g) ?? [];
    expect(arrows).toEqual([...new Set(arrows)]);
  });
});

describe('the table of waits in docs/fulfilment.md', () => {
  it.each(WaitKind.options)('has the timeouts and the limit of a wait for a %s', (kind) => {
    const { backoff, limit } = waits[kind];
    const { firstMs, maxMs } = backoff(fulfilmentPolicy);
    const [, , , , timeouts, limited, instead] = rowOf(kind);
    expect(timeouts).toBe(`${durationOf(firstMs)}, doubled up to ${durationOf(maxMs)}`);
    expect(limited).toBe(limit === undefined ? 'none' : durationOf(limit.ms(fulfilmentPolicy)));
    expect(instead).toContain(limit?.instead ?? '');
  });
});

/** Returns the cells of a row, after an empty one. */
const rowOf = (kind: WaitKind): readonly string[] =>
  (new RegExp(`^\\| ${kind} .*`, 'm').exec(document)?.[0] ?? '').split('|').map((cell) => cell.trim());

const durationOf = (ms: number): string => (ms < 3_600_000 ? `${ms / 1_000} s` : `${ms / 3_600_000} h`);
