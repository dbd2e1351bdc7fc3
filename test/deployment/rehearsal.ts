import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { copyOf, read, root, type Stage, stagesOf } from './dockerfile.ts';
import { isSent } from './dockerignore.ts';

const run = promisify(execFile);

/**
 * Builds the image without Docker: runs the COPY and RUN instructions of each stage in a folder. Skips commands of the last
 * stage that change other folders. Returns the folder of the last stage, and the folder of all stages.
 */
export async function rehearse(): Promise<{ readonly app: string; readonly all: string }> {
  const all = await mkdtemp(join(tmpdir(), 'orderstream-image-'));
  const stages = stagesOf(read('deploy/Dockerfile'));
  for (const stage of stages) await carryOut(stage, join(all, stage.name || 'last'), all);
  return { app: join(all, 'last'), all };
}

async function carryOut({ instructions }: Stage, folder: string, all: string): Promise<void> {
  await mkdir(folder);
  for (const { name, args } of instructions) {
    if (name === 'COPY') await copy(args, folder, all);
    if (name === 'RUN') await run('sh', ['-c', withinFolder(args)], { cwd: folder, env: plainEnvironment() });
  }
}

async function copy(args: string, folder: string, all: string): Promise<void> {
  const { from, sources, to } = copyOf(args);
  for (const source of sources) {
    const path = from === undefined ? join(root, source) : join(all, from, relative('/app', source));
    const target = source.endsWith('/')
      ? join(folder, to)
      : join(folder, to, relative(dirname(source), source));
    await cp(path, target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => from !== undefined || isSent(relative(root, file)),
    });
  }
}

const withinFolder = (command: string): string =>
  command
    .split(' && ')
    .filter((part) => !/ \/(data|usr)\b/.test(part))
    .join(' && ');

/** The environment without the variables of the npm that runs the tests. */
const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_/.test(name)));
