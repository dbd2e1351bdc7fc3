import type { AccountMailEvent } from '../../domain/account-mails/events.ts';
import type { AccountMailsInput } from '../../domain/account-mails/inputs.ts';
import type { AccountMailsState } from '../../domain/account-mails/state.ts';
import type { MailCall } from '../../domain/account-mails/waits.ts';
import type { AccountMailsCommand } from '../../domain/account-mails/workflow.ts';
import type { WorkflowTypes } from '../engine/definition.ts';

/** The types of the workflow, as the engine names them. */
export interface AccountMails extends WorkflowTypes {
  readonly input: AccountMailsInput;
  readonly state: AccountMailsState;
  readonly event: AccountMailEvent;
  readonly command: AccountMailsCommand;
  readonly result: never;
  readonly call: MailCall;
}
