import { isExpected, sentenceFor } from './error-sentences.ts';
import { CHILD_OPTION } from './processes/child-option.ts';
import { sendToParent } from './processes/child-process.ts';

/**
 * Reports why the process ends, and returns its exit code. A child process sends an expected error to its parent, which
 * prints the first one: several roles often fail for the same reason.
 */
export async function reportFailure(error: unknown): Promise<number> {
  const { text, code } = sentenceFor(error);
  const isChild = process.argv.includes(CHILD_OPTION) && process.connected;
  if (isChild && isExpected(error)) await sendToParent({ failure: text });
  else if (text) process.stderr.write(`${text}\n`);
  return code;
}
