import { readdir, readFile } from 'node:fs/promises';

const KIBIBYTES_PER_MEBIBYTE = 1_024;

/** Returns the peak resident memory of a process in MiB, as Linux counts it. */
export const peakMemory = async (pid: number): Promise<number> => mebibytes(pid, 'VmHWM');

/** Returns the resident memory of a process now, in MiB. */
export const residentMemory = async (pid: number): Promise<number> => mebibytes(pid, 'VmRSS');

async function mebibytes(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / KIBIBYTES_PER_MEBIBYTE;
}

/** A process of a system, with its arguments after `orderstream`. */
export interface SystemProcess {
  readonly pid: number;
  readonly command: string;
}

/** Returns the processes of all systems that this process has started, including their children. */
export async function systemProcesses(): Promise<SystemProcess[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The process may just have ended.
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(/PPid:\s+(\d+)/.exec(status)?.[1]));
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  const ours = [...parents.keys()].filter(isOurs);
  const found = await Promise.all(ours.map(async (pid) => ({ pid, command: await commandOf(pid) })));
  return found.filter(({ command }) => command !== '');
}

/** Returns the arguments after `orderstream`; empty for other programs. */
async function commandOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = line.split('\0').filter((word) => word !== '');
  const program = words.findIndex((word) => word.endsWith('orderstream.js'));
  // Without the data folder, which only tells systems apart.
  return program < 0
    ? ''
    : words
        .slice(program + 1)
        .join(' ')
        .replace(/ --port .*/, '');
}
