import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import type { AccountMailsResult } from '../../domain/account-mails/inputs.ts';
import { whyUnwanted } from '../../domain/account-mails/still-wanted.ts';
import type { SendMail } from '../../domain/account-mails/waits.ts';
import type { AccountMailsCommand } from '../../domain/account-mails/workflow.ts';
import type { PersonalData } from '../../domain/kernel/personal-data.ts';
import { isRegistered } from '../../domain/user/state.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Mailer } from '../../integrations/mail/mailer.ts';
import type { KeyStore } from '../../key-store/key-store.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { oneTimeToken, type TokenPurpose } from '../../platform/one-time-tokens.ts';
import type { CallOutcome, Definition } from '../engine/definition.ts';
import { textOf } from './texts.ts';
import type { AccountMails } from './types.ts';

export interface MailCallsOptions {
  readonly store: Pick<EventStore, 'read'>;
  readonly keyStore: KeyStore;
  readonly mailer: Mailer;
  /** The address of the shop in links, without a slash at its end. */
  readonly publicUrl: string;
  readonly clock: () => Date;
}

type Call = AccountMails['call'];
type Outcome = CallOutcome<AccountMailsCommand>;

/** The calls about mails. An event of the account that was not delivered yet is taken into account: each call reads the account. */
export function mailCalls(options: MailCallsOptions): Definition<AccountMails>['calls'] {
  const { store, keyStore, mailer, publicUrl, clock } = options;
  const cipher = new PersonalDataCipher(keyStore);
  const now = (): string => clock().toISOString();

  /** Returns the address; undefined for a person who was forgotten a moment ago. */
  async function addressOf(email: PersonalData): Promise<string | undefined> {
    return z
      .string()
      .optional()
      .parse(await cipher.decrypt(email));
  }

  async function tokenOf({ kind, userId, requestId }: SendMail): Promise<string | undefined> {
    const purpose = PURPOSES[kind];
    if (purpose === undefined || requestId === undefined) return undefined;
    return oneTimeToken(await keyStore.secret('tokenKey'), { purpose, userId, requestId });
  }

  async function send(call: SendMail, signal: AbortSignal): Promise<Outcome> {
    const { state: user } = await readState(store, aggregate('user', call.userId));
    const unwanted = whyUnwanted(call, user, now());
    if (unwanted !== undefined) return recorded(call, { outcome: unwanted });
    const address = isRegistered(user) ? await addressOf(user.email) : undefined;
    if (address === undefined) return recorded(call, { outcome: 'account-closed' });
    const words = textOf(call.kind, { publicUrl, token: await tokenOf(call), expiresAt: call.expiresAt });
    const sent = await mailer.send({ mailId: call.subject, to: { address }, ...words }, signal);
    switch (sent.outcome) {
      case 'sent':
        return recorded(call, { outcome: 'sent' });
      case 'rejected':
        return recorded(call, { outcome: 'rejected', detail: sent.reason });
      case 'unavailable':
      case 'unknown':
        return { outcome: call.isLast ? 'refused' : 'pending', reason: sent.reason };
    }
  }

  const recorded = (
    { userId, subject: mailId }: SendMail,
    result: Pick<Extract<AccountMailsResult, { type: 'RecordSending' }>, 'outcome' | 'detail'>,
  ): Outcome => ({
    outcome: 'result',
    command: { id: userId, command: { type: 'RecordSending', id: userId, now: now(), mailId, ...result } },
  });

  return {
    SendMail: { waitingFor: 'sending', actor, lanes: lanesOf, make: send },
    DiscardMail: {
      waitingFor: 'discarding',
      actor,
      lanes: lanesOf,
      make: async ({ userId, subject: mailId }) => {
        await mailer.discard(mailId);
        const command = { type: 'RecordDiscard', id: userId, now: now(), mailId } as const;
        return { outcome: 'result', command: { id: userId, command } };
      },
    },
  };
}

const actor = 'mailer';
/** A flood of mails to one person leaves places for the others. */
const lanesOf = ({ userId }: Call): readonly string[] => [userId];

const PURPOSES: Readonly<Record<SendMail['kind'], TokenPurpose | undefined>> = {
  'confirm-email': 'confirm-email',
  'reset-password': 'set-password',
  'address-known': undefined,
  'password-changed': undefined,
};
