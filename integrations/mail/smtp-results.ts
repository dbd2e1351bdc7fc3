import type { NodemailerError } from 'nodemailer/lib/errors';
import type { MailResult } from './mailer.ts';

/** Where in the SMTP conversation an error came. */
export type SmtpPhase =
  /** Before the server has accepted the envelope: it has no message. */
  | 'envelope'
  /** The client has begun to send the message. Without a response, the server may have it. */
  | 'message';

/**
 * Returns the result of a failed attempt. Reasons hold codes only: the server's own words often quote the recipient's address.
 */
export function resultOfError(error: NodemailerError, phase: SmtpPhase): MailResult {
  const { responseCode, command } = error;
  if (responseCode === undefined) return withoutResponse(error, phase);
  const reason = `the mail server responded ${codesOf(error)} to ${command ?? 'the connection'}`;
  const isAboutThisMail = command === 'RCPT TO' || command === 'DATA';
  // Other permanent errors, such as a wrong password, are about every mail: an operator corrects them.
  return { outcome: isAboutThisMail && responseCode >= 500 ? 'rejected' : 'unavailable', reason };
}

function withoutResponse({ code, originalCode }: NodemailerError, phase: SmtpPhase): MailResult {
  const why = originalCode ?? code ?? 'no code';
  return phase === 'message'
    ? { outcome: 'unknown', reason: `the connection to the mail server ended before its response (${why})` }
    : { outcome: 'unavailable', reason: `the mail server is unavailable (${why})` };
}

/** Returns the reply code and, if there is one, the enhanced status code (RFC 3463): `550 5.1.1`. */
function codesOf({ responseCode, response = '' }: NodemailerError): string {
  const [, enhanced] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? [];
  return enhanced === undefined ? String(responseCode) : `${responseCode} ${enhanced}`;
}
