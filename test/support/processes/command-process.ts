import { type Health, Killable } from './killable-process.ts';
import { commandLine } from './launch-orderstream.ts';
import { isServing } from './wait-until-serving.ts';

/** `orderstream …`, with every process that it starts; well when all these addresses answer. */
export class CommandProcess extends Killable {
  readonly #urls: readonly string[];

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, urls: readonly string[] = []) {
    super({ name: `orderstream ${args.join(' ')}`, program: process.execPath, args: commandLine(args), env });
    this.#urls = urls;
  }

  protected override async health(): Promise<Health> {
    for (const url of this.#urls)
      if (!(await isServing(url))) return { well: false, inWords: `${url} does not answer` };
    return { well: true, inWords: 'it answers' };
  }
}
