import type { CustomerId, OrderId, ProductId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import type { ExceptionKind } from '../kernel/values.ts';
import type { Deadline } from './steps.ts';

/** Everything the process manager can learn. `now` (ISO 8601) dates the deadlines that follow from it. */
interface Learned<Type extends string> {
  readonly type: Type;
  readonly orderId: OrderId;
  readonly now: string;
}

export interface NoteOrderPlaced extends Learned<'NoteOrderPlaced'> {
  readonly customerId: CustomerId;
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[];
  readonly total: Money;
  readonly paymentToken: string;
  /** Log position of `OrderPlaced`, in decimal digits. */
  readonly orderPosition: string;
}
/** How inventory answered one reservation. */
export type StockAnswer =
  | { readonly productId: ProductId; readonly held: true }
  | {
      readonly productId: ProductId;
      readonly held: false;
      readonly requested: number;
      readonly available: number;
    };

/**
 * Every step of `pending(state).stages` has been answered (a refusal is an answer); reservations with what they
 * came to. `stepsId` is that of the `Pending` they came from: when the state has moved on meanwhile, the answer is
 * about steps that are no longer the pending ones, and changes nothing.
 */
export interface NoteStepsAnswered extends Learned<'NoteStepsAnswered'> {
  readonly stepsId: string;
  readonly stock: readonly StockAnswer[];
}
export interface NotePaymentCaptured extends Learned<'NotePaymentCaptured'> {}
export interface NotePaymentDeclined extends Learned<'NotePaymentDeclined'> {
  readonly reason: string;
}
export interface NotePaymentFailed extends Learned<'NotePaymentFailed'> {
  readonly reason: string;
}
export interface NoteRefundRequested extends Learned<'NoteRefundRequested'> {
  readonly reason: string;
}
/** The provider will not give the money back, and has said so often enough; `refusal` is why. */
export interface NoteRefundRefused extends Learned<'NoteRefundRefused'> {
  readonly refusal: string;
}
/** A refund that was set aside is to be tried again. */
export interface ResumeRefund extends Learned<'ResumeRefund'> {}
export interface NotePaymentRefunded extends Learned<'NotePaymentRefunded'> {}
export interface NoteShipmentDispatched extends Learned<'NoteShipmentDispatched'> {
  readonly carrier: string;
  readonly trackingNumber: string;
}
export interface NoteShipmentDelivered extends Learned<'NoteShipmentDelivered'> {}
export interface NoteShipmentCancelled extends Learned<'NoteShipmentCancelled'> {
  readonly reason?: string;
  readonly cancelledBy: string;
}
/** The provider or the carrier contradicted the record, at `at` (ISO 8601). */
export interface NoteContradiction extends Learned<'NoteContradiction'> {
  readonly kind: ExceptionKind;
  readonly detail: string;
  readonly at: string;
}
/** The carrier answered a recall. */
export interface NoteShipmentRecalled extends Learned<'NoteShipmentRecalled'> {
  readonly outcome: 'nothing-taken' | 'returning' | 'refused';
}
/** A deadline came due; one that is no longer current changes nothing. */
export interface FireDeadline extends Learned<'FireDeadline'> {
  readonly deadlineId: string;
}

/** Nobody is to wait for this any more, until an operator says so. */
export interface NoteWaitSetAside extends Learned<'NoteWaitSetAside'> {
  readonly waitingFor: Deadline['waitingFor'];
  readonly reason: string;
}
/** An operator says so: it is waited for again, from the first attempt on, once these steps have been answered (none: empty). */
export interface ResumeWait extends Learned<'ResumeWait'> {
  readonly stepsId: string;
}

/** Records nothing; returns the current state. */
export interface LookAtFulfilment extends Learned<'LookAtFulfilment'> {}

export type FulfilmentInput =
  | NoteOrderPlaced
  | NoteStepsAnswered
  | NotePaymentCaptured
  | NotePaymentDeclined
  | NotePaymentFailed
  | NoteRefundRequested
  | NoteRefundRefused
  | ResumeRefund
  | NotePaymentRefunded
  | NoteShipmentDispatched
  | NoteShipmentDelivered
  | NoteShipmentCancelled
  | NoteContradiction
  | NoteShipmentRecalled
  | FireDeadline
  | NoteWaitSetAside
  | ResumeWait
  | LookAtFulfilment;
