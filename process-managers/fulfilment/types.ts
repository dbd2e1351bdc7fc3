import type { FulfilmentCommand } from '../../domain/fulfilment/commands.ts';
import type { FulfilmentEvent } from '../../domain/fulfilment/events.ts';
import type { FulfilmentInput, Reservation } from '../../domain/fulfilment/inputs.ts';
import type { FulfilmentState } from '../../domain/fulfilment/state.ts';
import type { ExternalCall } from '../../domain/fulfilment/waits.ts';
import type { WorkflowTypes } from '../engine/definition.ts';

/** The types of the fulfilment, as the engine names them. */
export interface Fulfilment extends WorkflowTypes {
  readonly input: FulfilmentInput;
  readonly state: FulfilmentState;
  readonly event: FulfilmentEvent;
  readonly command: FulfilmentCommand;
  readonly result: Reservation;
  readonly call: ExternalCall;
}
