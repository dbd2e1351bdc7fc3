import { KillableProcess, type ProcessHealth } from './killable-process.ts';
import { commandLine } from './launch-orderstream.ts';
import { isServing } from './wait-until-serving.ts';

/** A process of `orderstream …` and its children. It is healthy when all these URLs answer. */
export class CommandProcess extends KillableProcess {
  readonly #urls: readonly string[];

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, urls: readonly string[] = []) {
    super({
      name: `orderstream ${args.join(' ')}`,
      program: process.execPath,
      args: commandLine(args, env),
      env,
    });
    this.#urls = urls;
  }

  protected override async health(): Promise<ProcessHealth> {
    for (const url of this.#urls)
      if (!(await isServing(url))) return { isHealthy: false, description: `${url} does not answer` };
    return { isHealthy: true, description: 'it answers' };
  }
}
