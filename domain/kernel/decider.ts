import type { DomainEvent } from './event.ts';

/**
 * An aggregate as three pure values: what a command leads to, how an event changes the state, and the state
 * before any event. No clock, no randomness, no I/O: times, ids and prices arrive in the command.
 * `decide` returns no events when the command already holds, and throws a `DomainError` when the state forbids it.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
  readonly initialState: State;
}

/** Ends the switch of an `evolve`: an event type that is not handled does not compile, and changes nothing if read. */
export const unchanged = <State>(state: State, _event: never): State => state;
