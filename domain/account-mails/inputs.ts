import type { EngineInput, WorkflowInput } from '../kernel/workflow.ts';
import type { UserEvent } from '../user/events.ts';
import type { MailEnd } from './events.ts';

/** An event of the account. `id` is the id of the user. */
export interface UserEventReceived extends WorkflowInput<'UserEventReceived'> {
  readonly event: UserEvent;
}
/** The result of a call is recorded; what follows is due. */
export interface ResultDelivered extends WorkflowInput<'ResultDelivered'> {}

/** The result of `SendMail`. The account is asked again at the moment of sending, and may no longer need the mail. */
export interface RecordSending extends WorkflowInput<'RecordSending'> {
  readonly mailId: string;
  readonly outcome: 'sent' | MailEnd;
  readonly detail?: string;
}
/** The result of `DiscardMail`. */
export interface RecordDiscard extends WorkflowInput<'RecordDiscard'> {
  readonly mailId: string;
}

/** Results of calls, which the process manager records on the stream of the workflow itself. */
export type AccountMailsResult = RecordSending | RecordDiscard;
export type AccountMailsInput = UserEventReceived | ResultDelivered | AccountMailsResult | EngineInput<never>;
