import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { completionScripts } from './completion-scripts.ts';

/** Returns what bash suggests for words, when orderstream suggests three words itself. */
async function suggestedFor(...words: readonly string[]): Promise<string[]> {
  const script = `
orderstream() { printf 'list\\tlist orders\\nshow\\tshow an order\\n--limit\\tentries\\n:4\\n'; }
${completionScripts.bash}
COMP_WORDS=(orderstream "$@"); COMP_CWORD=$#; _orderstream; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', ...words]);
  return stdout.split('\n').filter(Boolean);
}

it('bash completes the suggestions that begin like the last word, without their descriptions', async () => {
  expect(await suggestedFor('orders', '')).toEqual(['list', 'show', '--limit']);
  expect(await suggestedFor('orders', 'l')).toEqual(['list']);
  expect(await suggestedFor('orders', 'list', '--')).toEqual(['--limit']);
  expect(await suggestedFor('orders', 'x')).toEqual([]);
});

it('bash runs nothing that was typed', async () => {
  // Would end bash with an error.
  expect(await suggestedFor('orders', '$(exit 3)', '`kill $$`', '')).toEqual(['list', 'show', '--limit']);
  expect(await suggestedFor('*')).toEqual([]);
});
