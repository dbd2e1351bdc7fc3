import { CommandFailed, describeProblem, type ExitCode, exitCodes } from '../errors.ts';
import type { Answer } from './answer.ts';

/** Returns the exit code for the status of a response that is no success. */
export function exitCodeOf(status: number): ExitCode {
  if (status === 401) return exitCodes.notLoggedIn;
  if (status >= 400 && status < 500) return exitCodes.refused;
  return [502, 503, 504].includes(status) ? exitCodes.unavailable : exitCodes.failed;
}

/** Returns the error for a response that is no success; its message says what to do next where that helps. */
export function failureOf(what: string, { status, body }: Pick<Answer, 'status' | 'body'>): CommandFailed {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const reason = Object.keys(fields).length === 0 ? 'no details were given' : describeProblem(fields);
  return new CommandFailed(exitCodeOf(status), `${what}: ${reason} (${status})${adviceFor(status)}`);
}

function adviceFor(status: number): string {
  switch (status) {
    case 401:
      return '\nLog in with "orderstream login EMAIL", or give a valid token with --token or ORDERSTREAM_TOKEN.';
    case 403:
      return '\n"orderstream whoami" shows who you are and your role.';
    case 429:
      return '\nToo many requests: try again later.';
    case 500:
      return '\nThe log of the server has the cause.';
    default:
      return '';
  }
}
