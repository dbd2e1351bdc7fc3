import { readFile, writeFile } from 'node:fs/promises';
import { supportTable } from './support-table.ts';

const README = new URL('../../README.md', import.meta.url);
const BEGIN = '<!-- support table: npm run support-table -->';
const END = '<!-- end of the support table -->';

/** Returns the README, and the README with a new support table. */
export async function readmes(): Promise<{ current: string; updated: string }> {
  const current = await readFile(README, 'utf8');
  const [before = ''] = current.split(BEGIN);
  const [, after = ''] = current.split(END);
  return { current, updated: `${before}${BEGIN}\n\n${await supportTable()}\n\n${END}${after}` };
}

export const writeReadme = (text: string): Promise<void> => writeFile(README, text);
