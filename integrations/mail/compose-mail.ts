import MailComposer from 'nodemailer/lib/mail-composer';
import { domainOf, type Mailbox } from '../../platform/mail-address.ts';
import { isMailId, type Mail } from './mailer.ts';

/** Returns the message in the format of RFC 5322. Throws `RangeError` for an id that is not valid. */
export function composeMail(mail: Mail, from: Mailbox, date: Date): Promise<Buffer> {
  const { mailId, to, subject, text } = mail;
  if (!isMailId(mailId))
    throw new RangeError(
      `mailId must be 1 to 200 letters, digits, '-' and '_'; got ${JSON.stringify(mailId)}`,
    );
  return new MailComposer({
    from: addressOf(from),
    to: addressOf(to),
    subject: oneLine(subject),
    text,
    date,
    messageId: `<${mailId}@${domainOf(from.address)}>`,
    // RFC 3834: programs that answer mails automatically do not answer this one.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

const addressOf = ({ address, name = '' }: Mailbox) => ({ address, name: oneLine(name) });

/** A line break would begin another header. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
