import type { Config } from '../platform/config.ts';

/** Tells whoever started it where everything is, and how to log in. */
export function announce(addresses: Readonly<Record<string, string>>, config: Config): void {
  const width = Math.max(...Object.keys(addresses).map((name) => name.length));
  const lines = Object.entries(addresses).map(([name, address]) => `  ${name.padEnd(width)}  ${address}`);
  const docs = Object.keys(addresses).some((name) => name.endsWith('API'))
    ? [
        '',
        'Each API explains itself at /docs. For a token to log in with:',
        '',
        '  npx orderstream token --sub me --role operator',
      ]
    : [];
  process.stdout.write(
    `${['', 'Orderstream is running:', '', ...lines, ...docs, '', `Data is in ${config.dataDir}. Ctrl+C stops it.`, ''].join('\n')}\n`,
  );
}
