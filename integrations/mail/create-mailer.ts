import { join } from 'node:path';
import type { Config } from '../../platform/config/config.ts';
import { parseSmtpUrl } from '../../platform/config/smtp-url.ts';
import { deleteMail } from './outbox-folder.ts';
import { outboxMailer } from './outbox-mailer.ts';
import { resilientMailer } from './resilient-mailer.ts';
import { smtpMailer } from './smtp-mailer.ts';

/** Returns the mailer of the configuration: the mail server of `SMTP_URL`, or files in `DATA_DIR/outbox`. */
export function createMailer({
  smtpUrl,
  mailFrom: from,
  dataDir,
}: Pick<Config, 'smtpUrl' | 'mailFrom' | 'dataDir'>) {
  const clock = () => new Date();
  const folder = join(dataDir, 'outbox');
  if (smtpUrl === undefined) return resilientMailer(outboxMailer({ folder, from, clock }));
  const smtp = smtpMailer({ server: parseSmtpUrl(smtpUrl), from, clock });
  // The outbox may have files from before `SMTP_URL` was set.
  return resilientMailer({ send: smtp.send, discard: (mailId) => deleteMail(folder, mailId) });
}
