import type { Config } from '../../platform/config/config.ts';

export interface Announced {
  readonly config: Config;
  /** Whether events are stored for the next start. */
  readonly isKept: boolean;
  /** `DATA_DIR` was given as an option, so other commands need it in their environment. */
  readonly asOption: boolean;
  /** A link that sets the password of the first admin, while there is none. */
  readonly firstAdmin?: FirstAdmin;
}

export interface FirstAdmin {
  readonly email: string;
  readonly link: string;
}

/** Prints the addresses of a started system, how to log in, and where the data is. */
export function announce(
  addresses: Readonly<Record<string, string>>,
  { config: { dataDir }, isKept, asOption, firstAdmin }: Announced,
): void {
  const width = Math.max(...Object.keys(addresses).map((name) => name.length));
  const lines = Object.entries(addresses).map(([name, address]) => `  ${name.padEnd(width)}  ${address}`);
  const docs = Object.keys(addresses).some((name) => name.endsWith('API'))
    ? [
        '',
        'Each API has its documentation at /docs. To create a token for it:',
        '',
        `  ${asOption ? `DATA_DIR=${quotedForShell(dataDir)} ` : ''}npx orderstream token --sub me --role operator`,
      ]
    : [];
  const admin = firstAdmin
    ? [
        '',
        `There is no admin yet. Within 24 hours, this link sets the password of ${firstAdmin.email}:`,
        '',
        `  ${firstAdmin.link}`,
      ]
    : [];
  const data = isKept
    ? `Data is in ${dataDir}.`
    : 'Data is in memory only, and is lost when the system stops.';
  process.stdout.write(
    `${['', 'Orderstream is running:', '', ...lines, ...docs, ...admin, '', `${data} Ctrl+C stops it.`, ''].join('\n')}\n`,
  );
}

const quotedForShell = (text: string) =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
