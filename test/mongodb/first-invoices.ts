import { readFile, writeFile } from 'node:fs/promises';

/** Copies the header and all lines of the first `count` invoices of a sales file. */
export async function firstInvoices(file: string, count: number, to: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const wanted = new Set<string>();
  const kept = lines.slice(0, 1);
  for (const line of lines.slice(1)) {
    const [invoice = ''] = line.split(',', 1);
    if (wanted.size < count) wanted.add(invoice);
    if (wanted.has(invoice)) kept.push(line);
  }
  await writeFile(to, `${kept.join('\n')}\n`);
}
