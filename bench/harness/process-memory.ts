import { readdir, readFile } from 'node:fs/promises';

const KIBIBYTES_PER_MEBIBYTE = 1_024;

/** The most that a process ever had in memory, in MiB, as Linux counts it. */
export const peakMemory = async (pid: number): Promise<number> => mebibytes(pid, 'VmHWM');

/** What it has in memory now. */
export const residentMemory = async (pid: number): Promise<number> => mebibytes(pid, 'VmRSS');

async function mebibytes(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / KIBIBYTES_PER_MEBIBYTE;
}

/** A process of a system, by what stands behind `orderstream` on its command line. */
export interface SystemProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes that this one has started, and theirs: all that runs of the systems that it has started. */
export async function systemProcesses(): Promise<SystemProcess[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // One that has just ended is nobody's parent.
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

/** Empty when it is no process of a system. */
async function commandOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = line.split('\0').filter((word) => word !== '');
  const program = words.findIndex((word) => word.endsWith('orderstream.js'));
  // What tells apart where its data is says nothing of which process it is.
  return program < 0
    ? ''
    : words
        .slice(program + 1)
        .join(' ')
        .replace(/ --port .*/, '');
}
