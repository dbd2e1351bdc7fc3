/** What a wait is for; each kind has a longest wait of its own. */
export type WaitingFor = 'payment' | 'settlement' | 'dispatch' | 'refund' | 'recall';

/** The wait that is current for an order, or, once it has ended, only the order: documents are never deleted. */
export interface DeadlineDocument {
  readonly orderId: string;
  readonly current?: {
    readonly deadlineId: string;
    readonly waitingFor: WaitingFor;
    readonly attempt: number;
    /** When the event store recorded it, ISO 8601. */
    readonly setAt: string;
    /** ISO 8601, as the event gives it. */
    readonly dueAt: string;
    /** The same in milliseconds since the epoch, to compare and to index by. */
    readonly due: number;
  };
}
