import type { DomainEvent } from './event.ts';

/**
 * An aggregate as pure functions: `decide` returns the events of a command, and `evolve` applies an event to the state.
 * They use no clock, no randomness and no I/O: times, ids and prices are in the command.
 * `decide` returns no events for a repeated command, and throws a `DomainError` when the state forbids the command.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
  readonly initialState: State;
}

/** Ends the switch of an `evolve`: a missing event type does not compile. At run time, an unknown event changes nothing. */
export const unchanged = <State>(state: State, _event: never): State => state;
