import { readdir, readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100;

/**
 * Returns the processor time in seconds that all processes of a group have used, which other tests do not change much. Reads
 * `/proc`, so it returns 0 on other systems than Linux.
 */
export async function processorSeconds(group: number | undefined): Promise<number> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  let ticks = 0;
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // After the name: state, parent, group, …; user and system time are the twelfth and the thirteenth.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
}
