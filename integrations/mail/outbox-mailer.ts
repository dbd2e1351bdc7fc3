import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { makeFolder } from '../../platform/files/make-folder.ts';
import type { Mailbox } from '../../platform/mail-address.ts';
import { oneLine } from './compose-mail.ts';
import { isMailId, type Mail, type Mailer } from './mailer.ts';

export interface OutboxMailerOptions {
  /** Created when it does not exist. */
  readonly folder: string;
  readonly from: Mailbox;
  readonly clock: () => Date;
}

/**
 * Writes each mail as a text file that only its owner can read, for a machine without a mail server. A file appears whole
 * or not at all. The file of a mail that is sent again replaces the first.
 */
export function outboxMailer({ folder, from, clock }: OutboxMailerOptions): Mailer {
  async function write(mail: Mail): Promise<void> {
    makeFolder(folder);
    await chmod(folder, 0o700);
    await writeFileAtomic(join(folder, `${mail.mailId}.txt`), asText(mail, from, clock()), { mode: 0o600 });
  }

  return {
    async send(mail) {
      if (!isMailId(mail.mailId)) return { outcome: 'rejected', reason: 'the id of the mail is not valid' };
      try {
        await write(mail);
        return { outcome: 'sent' };
      } catch (error) {
        return { outcome: 'unavailable', reason: `the outbox cannot be written (${codeOf(error)})` };
      }
    },
    async discard(mailId) {
      // A crash may have left drafts, which begin with the name of the file.
      for (const name of await filesIn(folder))
        if (name.startsWith(`${mailId}.`)) await rm(join(folder, name), { force: true });
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

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
