import { join } from 'node:path';
import type { Config } from '../../platform/config/config.ts';
import { parseSmtpUrl } from '../../platform/config/smtp-url.ts';
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
  const outbox = outboxMailer({ folder: join(dataDir, 'outbox'), from, clock });
  if (smtpUrl === undefined) return resilientMailer(outbox);
  const smtp = smtpMailer({ server: parseSmtpUrl(smtpUrl), from, clock });
  // The outbox may have files from before `SMTP_URL` was set.
  return resilientMailer({ send: smtp.send, discard: outbox.discard });
}
