// Every start loads this file: it must not load the packages of the command line.
import type { ApiResponse } from './api-client.ts';

/** A response that a retry would not change. */
export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse';

  constructor(request: string, { status, body }: ApiResponse) {
    super(`${request} answered ${status}: ${describeProblem(body)}`);
  }
}

/** The API did not answer, or only with temporary errors for longer than the maximum wait. */
export class ShopUnavailable extends Error {
  override readonly name = 'ShopUnavailable';
}

/** The file cannot be replayed; the message is one sentence for the user. */
export class NotASalesFile extends Error {
  override readonly name = 'NotASalesFile';
}

/** Returns the text of a problem document: its detail, and the invalid fields. */
export function describeProblem(body: Record<string, unknown>): string {
  const { detail, title, errors } = body as {
    readonly detail?: string;
    readonly title?: string;
    readonly errors?: readonly { readonly path: string; readonly message: string }[];
  };
  const fields = (errors ?? []).map(({ path, message }) => `${path}: ${message}`).join('; ');
  return [detail ?? title, fields].filter(Boolean).join(' – ') || JSON.stringify(body);
}

/** Exit codes of the commands that use a server (docs/cli.md). */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notLoggedIn: 3,
  /** The server rejected the request (4xx). */
  refused: 4,
  unavailable: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command was not carried out. The message tells the user why, and what to do next. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
