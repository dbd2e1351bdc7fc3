import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { makeFolder } from '../../platform/files/make-folder.ts';
import type { Mailbox } from '../../platform/mail-address.ts';
import { oneLine } from './compose-mail.ts';
import { isMailId, type Mail, type Mailer } from './mailer.ts';
import { deleteDiscarded, deleteIfDiscarded, deleteMail, markDiscarded } from './outbox-folder.ts';

export interface OutboxMailerOptions {
  /** Created when it does not exist. */
  readonly folder: string;
  readonly from: Mailbox;
  readonly clock: () => Date;
}

/**
 * Writes each mail as a text file that only its owner can read, for a machine without a mail server. A file appears whole
 * or not at all. The file of a mail that is sent again replaces the first. The file of a discarded mail does not stay, even if
 * another process writes it at the same time, or has crashed while writing it.
 */
export function outboxMailer({ folder, from, clock }: OutboxMailerOptions): Mailer {
  /** Deletes what processes have left that crashed between writing a discarded mail and looking for its mark. */
  const swept = deleteDiscarded(folder, clock().getTime()).catch(() => {});

  async function prepareFolder(): Promise<void> {
    await swept;
    makeFolder(folder);
    await chmod(folder, 0o700);
  }

  async function write(mail: Mail): Promise<void> {
    await prepareFolder();
    await writeFileAtomic(join(folder, `${mail.mailId}.txt`), asText(mail, from, clock()), { mode: 0o600 });
  }

  return {
    async send(mail) {
      if (!isMailId(mail.mailId)) return { outcome: 'rejected', reason: 'the id of the mail is not valid' };
      try {
        await write(mail);
        await deleteIfDiscarded(folder, mail.mailId);
        return { outcome: 'sent' };
      } catch (error) {
        return { outcome: 'unavailable', reason: `the outbox cannot be written (${codeOf(error)})` };
      }
    },
    async discard(mailId) {
      try {
        await prepareFolder();
        await markDiscarded(folder, mailId);
      } finally {
        await deleteMail(folder, mailId);
      }
      await deleteDiscarded(folder, clock().getTime());
    },
  };
}

/** Not a message in the format of RFC 5322: that would encode names and break links. */
const asText = ({ to, subject, text }: Mail, from: Mailbox, date: Date): string =>
  [
    `From: ${shown(from)}`,
    `To: ${shown(to)}`,
    `Date: ${date.toISOString()}`,
    `Subject: ${oneLine(subject)}`,
    '',
    text,
  ].join('\n');

const shown = ({ name, address }: Mailbox): string =>
  name === undefined ? oneLine(address) : `${oneLine(name)} <${oneLine(address)}>`;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
