import type { Mailbox } from '../../platform/mail-address.ts';
import type { NoResult } from '../no-result.ts';

/** A message to one person. */
export interface Mail {
  /** 1 to 200 letters, digits, `-` and `_`. The same for each attempt, so that receivers can drop a duplicate. */
  readonly mailId: string;
  readonly to: Mailbox;
  readonly subject: string;
  /** Plain text; lines end with `\n`. */
  readonly text: string;
}

/** Reasons hold no address and no text of the other side: that may be personal data. */
export type MailResult =
  /** The other side has accepted the mail. */
  | { readonly outcome: 'sent' }
  /** The other side will never accept this mail. */
  | { readonly outcome: 'rejected'; readonly reason: string }
  /** `unavailable`: certainly not sent; try again. `unknown`: perhaps sent; sending it again may deliver it twice. */
  | NoResult;

/** The port to whatever delivers mails. */
export interface Mailer {
  /** Sends one message. Must not throw for a refusal or an outage of the other side. */
  send(mail: Mail, signal?: AbortSignal): Promise<MailResult>;
  /** Deletes what this machine still holds of a mail, also of one that was never sent. May be repeated. */
  discard(mailId: string): Promise<void>;
}

/** Characters that are safe in a file name and in a `Message-ID`. */
export const isMailId = (text: string): boolean => /^[A-Za-z0-9_-]{1,200}$/.test(text);
