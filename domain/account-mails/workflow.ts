import { unhandled } from '../kernel/domain-error.ts';
import { customerId } from '../kernel/ids.ts';
import { type Actions, noActions, type Workflow } from '../kernel/workflow.ts';
import type { AccountMailEvent, MailEnd } from './events.ts';
import { evolve } from './evolve.ts';
import type { AccountMailsInput, AccountMailsResult, RecordSending } from './inputs.ts';
import { endOf, requestedMail } from './requests.ts';
import { type AccountMail, type AccountMailsState, initialAccountMails, isOpen } from './state.ts';
import { scheduleTimeout } from './timeouts.ts';
import { activeWaits, callsOf, endedWaits, type MailCall, parkedWaits } from './waits.ts';

type Events = readonly AccountMailEvent[];
type State = AccountMailsState;

/** A command that records a result; its stream is that of the workflow. */
export interface AccountMailsCommand {
  readonly id: string;
  readonly command: AccountMailsResult;
}

/**
 * The mails to the holder of one account:
 *
 * 1. An event of the account asks for a mail (`requests.ts`). It is sent until the mail server accepts or rejects it, or its
 *    link has expired.
 * 2. The link is used, or expires, or the account is closed: the mail is over.
 * 3. The file of the mail in the outbox is deleted. By SMTP, there is none.
 *
 * The events of the account hold everything that a mail needs, so this stream has no
 * address and no token.
 */
export const accountMailsWorkflow: Workflow<
  AccountMailsInput,
  State,
  AccountMailEvent,
  AccountMailsCommand,
  MailCall
> = { initialState: initialAccountMails, decide, evolve, actions };

function decide(input: AccountMailsInput, state: State): Events {
  switch (input.type) {
    case 'UserEventReceived': {
      const { event } = input;
      const ended = state.mails.filter(isOpen).flatMap((mail) => {
        const end = endOf(mail, event);
        return end === undefined ? [] : [endMail(input.id, mail, end)];
      });
      return withConsequences([...ended, ...request(input, state)], input, state);
    }
    case 'RecordSending':
      return withConsequences(recordSending(input, state), input, state);
    case 'RecordDiscard': {
      const { mailId } = input;
      if (!state.mails.some((mail) => mail.mailId === mailId && mail.status === 'ended')) return [];
      const data = { userId: customerId(input.id), mailId };
      return withConsequences([{ type: 'AccountMailDiscarded', data }], input, state);
    }
    case 'TimeoutElapsed':
      return timeoutElapsed(input, state);
    case 'ParkWait': {
      const { waitingFor, reason } = input;
      const kind = activeWaits(state).find((active) => active === waitingFor);
      if (kind === undefined) return [];
      const data = { userId: customerId(input.id), waitingFor: kind, reason };
      return withConsequences([{ type: 'AccountMailWaitParked', data }], input, state);
    }
    case 'ResumeWait': {
      const kind = parkedWaits(state).find((parked) => parked === input.waitingFor);
      if (kind === undefined) return [];
      const data = { userId: customerId(input.id), waitingFor: kind };
      return withConsequences([{ type: 'AccountMailWaitResumed', data }], input, state);
    }
    case 'ResultDelivered':
    case 'CommandsCompleted':
      return [];
    default:
      return unhandled(input);
  }
}

/** The account is asked again when the mail is sent: a late request of a closed account ends there. */
function request(
  { id, now, event }: Extract<AccountMailsInput, { type: 'UserEventReceived' }>,
  { mails }: State,
): Events {
  const mail = requestedMail(event);
  if (mail === undefined || mails.some(({ mailId }) => mailId === mail.mailId)) return [];
  if (hasExpired(mail, now)) return [];
  return [{ type: 'AccountMailRequested', data: { userId: customerId(id), ...mail } }];
}

function recordSending({ id, now, mailId, outcome, detail }: RecordSending, { mails }: State): Events {
  const mail = mails.find((one) => one.mailId === mailId);
  if (mail?.status !== 'pending') return [];
  return outcome === 'sent'
    ? [{ type: 'AccountMailSent', data: { userId: customerId(id), mailId, sentAt: now } }]
    : [endMail(id, mail, outcome, detail)];
}

/** Mails that have expired end. The same wait continues with its next attempt, any other one with its first. */
function timeoutElapsed(
  { id, now, timeoutId }: Extract<AccountMailsInput, { type: 'TimeoutElapsed' }>,
  state: State,
): Events {
  const { timeout } = state;
  if (timeout?.timeoutId !== timeoutId) return [];
  const expired = state.mails
    .filter((mail) => isOpen(mail) && hasExpired(mail, now))
    .map((mail) => endMail(id, mail, 'expired'));
  const next = expired.reduce(evolve, state);
  const [waitingFor] = activeWaits(next);
  if (waitingFor === undefined) return expired;
  const attempt = waitingFor === timeout.waitingFor ? timeout.attempt + 1 : 1;
  return [...expired, scheduleTimeout({ userId: customerId(id), waitingFor, attempt, now }, next)];
}

/** Adds the timeout of what the account waits for after new facts. */
function withConsequences(facts: Events, { id, now }: AccountMailsInput, state: State): Events {
  if (facts.length === 0) return [];
  const next = facts.reduce(evolve, state);
  const [waitingFor] = activeWaits(next);
  if (waitingFor === undefined) return facts;
  return [...facts, scheduleTimeout({ userId: customerId(id), waitingFor, attempt: 1, now }, next)];
}

const hasExpired = ({ expiresAt }: Pick<AccountMail, 'expiresAt'>, now: string): boolean =>
  Date.parse(expiresAt) <= Date.parse(now);

const endMail = (id: string, { mailId }: AccountMail, end: MailEnd, detail?: string): AccountMailEvent => ({
  type: 'AccountMailEnded',
  data: { userId: customerId(id), mailId, end, ...(detail !== undefined && { detail }) },
});

function actions(state: State): Actions<AccountMailsCommand, MailCall> {
  const { timeout } = state;
  return {
    ...noActions,
    calls: timeout === undefined ? [] : callsOf(state, timeout.attempt),
    timeout,
    activeWaits: timeout === undefined ? [] : activeWaits(state),
    parkedWaits: parkedWaits(state),
    endedWaits: endedWaits(state),
  };
}
