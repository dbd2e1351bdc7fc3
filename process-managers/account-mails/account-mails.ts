import type { AccountMailEvent } from '../../domain/account-mails/events.ts';
import { WaitKind } from '../../domain/account-mails/events.ts';
import { timeoutMs } from '../../domain/account-mails/timeouts.ts';
import { waits } from '../../domain/account-mails/waits.ts';
import { accountMailsWorkflow } from '../../domain/account-mails/workflow.ts';
import { customerId } from '../../domain/kernel/ids.ts';
import { type UserEvent, userEvents } from '../../domain/user/events.ts';
import { itemOf } from '../../event-catalogue/parked-items.ts';
import { mailsStream } from '../../event-catalogue/streams.ts';
import type { CommandTarget, Definition, WaitRules } from '../engine/definition.ts';
import { type MailCallsOptions, mailCalls } from './mail-calls.ts';
import type { AccountMails } from './types.ts';

const USER_EVENTS: ReadonlySet<string> = new Set(userEvents.map(({ type }) => type));
/** The results of calls: what follows from them is due. */
const RESULTS: ReadonlySet<string> = new Set<AccountMailEvent['type']>([
  'AccountMailSent',
  'AccountMailEnded',
  'AccountMailDiscarded',
]);

/** The process manager that mails the holders of accounts (`domain/account-mails/workflow.ts`). */
export const accountMails = (options: MailCallsOptions): Definition<AccountMails> => ({
  name: 'account-mails',
  workflow: accountMailsWorkflow,
  streamOf: mailsStream,
  prefixes: ['user-', 'mails-'],
  deliveriesAtOnce: 16,
  receive: ({ event }, now) => {
    if (USER_EVENTS.has(event.type)) {
      const received = event as UserEvent;
      return { input: { type: 'UserEventReceived', id: received.data.userId, now, event: received } };
    }
    if (!RESULTS.has(event.type)) return undefined;
    const { userId } = (event as AccountMailEvent).data;
    return { input: { type: 'ResultDelivered', id: userId, now } };
  },
  // The result of a call is recorded by the workflow itself, which is the decider of its stream.
  targetOf: ({ id }) =>
    ({ stream: mailsStream(id), decider: accountMailsWorkflow }) as unknown as CommandTarget,
  calls: mailCalls(options),
  waits: waitRules,
});

/** Throws `ZodError` for a kind of wait that does not exist. */
const kindOf = (waitingFor: string): WaitKind => WaitKind.parse(waitingFor);

const waitRules: WaitRules = {
  kinds: WaitKind.options,
  timeoutMs: ({ id, waitingFor, attempt }) =>
    timeoutMs({ userId: customerId(id), waitingFor: kindOf(waitingFor), attempt }),
  maxTimeoutMs: (waitingFor) => waits[kindOf(waitingFor)].maxMs,
  mustLast: () => false,
  itemOf: (id, waitingFor) =>
    itemOf({ group: 'account-mails', kind: 'deadline', stream: mailsStream(id), type: waitingFor }),
  exceptionItemOf: () => {
    throw new TypeError('the mails of an account have no exceptions');
  },
};
