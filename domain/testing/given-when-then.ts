import { isImmutable } from 'immutable';
import { expect } from 'vitest';
import type { Decider } from '../kernel/decider.ts';
import { DomainError } from '../kernel/domain-error.ts';
import type { DomainEvent, EventDefinition } from '../kernel/event.ts';

type ErrorClass = new (...parameters: never[]) => Error;

/**
 * Returns a test kit for a decider: `given(…events).when(command).then(…events)` or
 * `.thenRejects(OrderAlreadyShipped, { orderId })`. Freezes all inputs, so that a mutation throws. Compares the events exactly
 * and in order, and validates them against their schemas.
 */
export function specOf<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  definitions: readonly EventDefinition[],
) {
  const stateAfter = (events: readonly Event[]) => replay(decider, events);

  const given = (...history: readonly Event[]) => ({
    /** Returns the state after the history. */
    state: () => stateAfter(history),

    when: (command: Command) => {
      const decide = () => decider.decide(deepFreeze(command), stateAfter(history));
      const thenExactly = (...expected: readonly Event[]) => {
        const events = decide();
        expect(events).toStrictEqual(expected);
        for (const event of events) expectValid(event, definitions);
      };
      return {
        // biome-ignore lint/suspicious/noThenProperty: a spec is not awaited, and reads as "given, when, then".
        then: thenExactly,
        thenNothing: () => thenExactly(),
        thenRejects: (errorClass: ErrorClass, data: Readonly<Record<string, unknown>> = {}) => {
          const error = thrownBy(decide);
          expect(error).toBeInstanceOf(errorClass);
          expect({ ...(error as DomainError), ...(error as DomainError).data }).toMatchObject(data);
        },
      };
    },
  });
  return { given };
}

/** Folds frozen events into frozen states: an `evolve` that mutates throws. */
export function replay<State, Event extends DomainEvent>(
  { evolve, initialState }: Pick<Decider<State, never, Event>, 'evolve' | 'initialState'>,
  events: readonly Event[],
): State {
  const from = deepFreeze(initialState);
  return events.reduce<State>((state, event) => deepFreeze(evolve(state, deepFreeze(event))), from);
}

/** Returns the events of a command and the state after them; no events for a `DomainError`. Throws other errors. */
export function attempt<State, Command, Event extends DomainEvent>(
  { decide, evolve }: Decider<State, Command, Event>,
  state: State,
  command: Command,
): { readonly events: readonly Event[]; readonly state: State } {
  let events: readonly Event[] = [];
  try {
    events = decide(deepFreeze(command), state);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
  return { events, state: deepFreeze(events.reduce(evolve, state)) };
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || isImmutable(value) || Object.isFrozen(value))
    return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}

function expectValid(event: DomainEvent, definitions: readonly EventDefinition[]): void {
  const definition = definitions.find(({ type }) => type === event.type);
  expect(definition?.schema.parse(event.data)).toStrictEqual(event.data);
}

function thrownBy(run: () => unknown): unknown {
  try {
    return expect.fail(`expected a rejection, got the events ${JSON.stringify(run())}`);
  } catch (error) {
    return error;
  }
}
