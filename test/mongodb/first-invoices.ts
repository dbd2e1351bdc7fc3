import { readFile, writeFile } from 'node:fs/promises';

/** Copies the header and all lines of the first `count` invoices of a sales file. */
export async function firstInvoices(file: string, count: number, to: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const invoices = new Set<string>();
  const copied = lines.slice(0, 1);
  for (const line of lines.slice(1)) {
    const [invoice = ''] = line.split(',', 1);
    if (invoices.size < count) invoices.add(invoice);
    if (invoices.has(invoice)) copied.push(line);
  }
  await writeFile(to, `${copied.join('\n')}\n`);
}
