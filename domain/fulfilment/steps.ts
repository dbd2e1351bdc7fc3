import type { CustomerId, OrderId, ProductId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import type { ExceptionKind, Shortage } from '../kernel/values.ts';

/** A command to one of our own streams, answered at once; repeating it changes nothing. */
export type Step =
  | { readonly do: 'reserve-stock'; readonly productId: ProductId; readonly quantity: number }
  | { readonly do: 'release-stock'; readonly productId: ProductId }
  | { readonly do: 'commit-stock'; readonly productId: ProductId }
  | { readonly do: 'confirm-order' }
  | { readonly do: 'reject-order'; readonly reason: string; readonly short?: readonly Shortage[] }
  | { readonly do: 'cancel-order'; readonly reason?: string; readonly cancelledBy: string }
  | { readonly do: 'mark-order-shipped'; readonly carrier: string; readonly trackingNumber: string }
  | { readonly do: 'mark-order-delivered' }
  | { readonly do: 'request-payment'; readonly amount: Money; readonly paymentToken: string }
  | { readonly do: 'request-shipment' }
  /** Where it was dispatched already, the dispatch stands. */
  | { readonly do: 'cancel-shipment'; readonly reason: string };

/**
 * A call to somebody outside, made while nothing is held and covered by the recorded deadline: what it comes to
 * arrives as an event of the payment or the shipment.
 */
export type OutsideCall =
  /**
   * Charge; repeated with the order id as the provider's idempotency key. A payment that is not requested yet is requested
   * with its outcome, or before it where that takes long.
   */
  | { readonly call: 'capture-payment'; readonly amount: Money; readonly paymentToken: string }
  /** Find out whether money moved, and make sure that none moves from now on. */
  | { readonly call: 'settle-payment'; readonly reason: string }
  | { readonly call: 'refund-payment'; readonly amount: Money; readonly reason: string }
  /** Ask the carrier to fetch the parcel (a carrier that is `manual` waits for an operator instead). */
  | { readonly call: 'dispatch-shipment' }
  /** Ask the carrier to return a parcel that it took, and to take none from now on. */
  | { readonly call: 'recall-shipment' };

/** A contradiction between the record and what the provider or the carrier did. */
export interface Exception {
  readonly number: number;
  readonly kind: ExceptionKind;
  readonly detail: string;
}

/** The wait that is current: due at `dueAt`, known by its id, the `attempt`-th of its kind. */
export interface Deadline {
  readonly deadlineId: string;
  readonly waitingFor: 'payment' | 'settlement' | 'dispatch' | 'refund' | 'recall';
  readonly attempt: number;
  readonly dueAt: string;
}

/**
 * What follows from a state: stages one after another, the steps of a stage side by side. Once they are noted as
 * answered there are others or none; calls are made only when there are none, under the deadline then recorded.
 */
export interface Pending {
  /** Names the steps of the stages, for `NoteStepsAnswered`; empty when there are none. */
  readonly stepsId: string;
  readonly stages: readonly (readonly Step[])[];
  /** Side by side, before the calls. Nothing notes that they were answered: whoever takes up the wait does again what is not known to be done. */
  readonly beforeCalls: readonly Step[];
  readonly calls: readonly OutsideCall[];
  readonly deadline: Deadline | undefined;
  /** Exceptions of the order; each is parked for an operator. */
  readonly exceptions: readonly Exception[];
  /**
   * A refund or a wait is set aside: nobody is waited for, and the story is not at its end. That steps were answered is then not
   * noted; they are sent again when it goes on.
   */
  readonly isSetAside: boolean;
  /** What every step and call is about; undefined before the order is known. */
  readonly order:
    | { readonly orderId: OrderId; readonly customerId: CustomerId; readonly orderPosition: string }
    | undefined;
}
