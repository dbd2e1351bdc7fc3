import type { MailKind } from '../../domain/account-mails/events.ts';
import type { Mail } from '../../integrations/mail/mailer.ts';

/** What the words of a mail need. */
export interface MailFacts {
  /** The address of the shop, without a slash at its end. */
  readonly publicUrl: string;
  /** Absent for a notice. */
  readonly token?: string | undefined;
  /** Until when the link works, ISO 8601. */
  readonly expiresAt: string;
}

type Text = Pick<Mail, 'subject' | 'text'>;

/**
 * Returns the words of a mail. No name is in them: anybody can sign up with the address of another person, and could send that
 * person a message in the name.
 */
export const textOf = (kind: MailKind, facts: MailFacts): Text => texts[kind](facts);

const texts: Readonly<Record<MailKind, (facts: MailFacts) => Text>> = {
  'confirm-email': (facts) => ({
    subject: 'Confirm your e-mail address',
    text: letter(
      `You have signed up with this address at ${facts.publicUrl}`,
      'To confirm the address, open this page:',
      link('confirm', facts),
      `The page works once, until ${readable(facts.expiresAt)}.`,
      'If you have not signed up, ignore this mail. Then nothing happens.',
    ),
  }),
  'reset-password': (facts) => ({
    subject: 'Set a new password',
    text: letter(
      `You have asked for a new password at ${facts.publicUrl}`,
      'To set it, open this page:',
      link('set-password', facts),
      `The page works once, until ${readable(facts.expiresAt)}.`,
      'If you have not asked for it, ignore this mail. Your password stays as it is.',
    ),
  }),
  'address-known': ({ publicUrl }) => ({
    subject: 'You already have an account',
    text: letter(
      `Somebody has signed up with your address at ${publicUrl}`,
      'You have an account there already. It has not changed.',
      'If it was you, log in. If you have forgotten your password, ask for a new one there.',
      'If it was not you, ignore this mail.',
    ),
  }),
  'password-changed': ({ publicUrl }) => ({
    subject: 'Your password was changed',
    text: letter(
      `The password of your account was changed at ${publicUrl}`,
      'If it was you, there is nothing to do.',
      'If it was not you, ask for a new password there at once, and tell the shop.',
    ),
  }),
};

const letter = (...paragraphs: readonly string[]): string => `Hello,\n\n${paragraphs.join('\n\n')}\n`;

/** The token is in the fragment, which browsers send to no server. */
function link(page: 'confirm' | 'set-password', { publicUrl, token = '' }: MailFacts): string {
  return `${publicUrl}/${page}#token=${token}`;
}

/** Returns a time as `2026-01-05 10:00 UTC`. */
const readable = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
