import type { ChildProcess } from 'node:child_process';
import { CHILD_OPTION } from '../../../../bin/start/processes/child-option.ts';
import { type Health, Killable } from '../../../support/processes/killable-process.ts';
import { commandLine } from '../../../support/processes/launch-orderstream.ts';
import type { EndedByItself } from '../../../support/processes/process-errors.ts';

/** What `/health/ready` says was looked at. */
type Checks = Readonly<Record<string, string>>;

/** `orderstream start …`. It ends with the test, however that ends. */
export class RoleProcess extends Killable {
  /** Its health, once it has said where it serves. */
  #url: URL | undefined;

  constructor(
    name: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    onStray: (error: EndedByItself) => void,
  ) {
    super({
      name,
      program: process.execPath,
      args: commandLine(['start', ...args, CHILD_OPTION]),
      env,
      // As whoever starts several roles has to each: it tells the addresses, and a child ends when it closes.
      channel: true,
      onStray,
    });
  }

  /** Resolves when a check has this text, such as `says('projections', 'ok')`. Throws `NeverReady`. */
  async says(check: string, what: string): Promise<void> {
    await this.until(async () => {
      const { well, inWords, checks } = await this.#ask();
      return { well: well && checks[check] === what, inWords };
    });
  }

  /** A counter of its metrics, all labels together; 0 before it serves. */
  async counted(metric: string): Promise<number> {
    if (this.#url === undefined) return 0;
    const text = await (await fetch(new URL('/metrics', this.#url))).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${metric}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  protected override health(): Promise<Health> {
    return this.#ask();
  }

  protected override started(child: ChildProcess): void {
    this.#url = undefined;
    child.once('message', ({ addresses }: { addresses: Record<string, string> }) => {
      this.#url = healthAt(Object.values(addresses)[0] ?? '');
    });
  }

  async #ask(): Promise<Health & { checks: Checks }> {
    if (this.#url === undefined) return { well: false, inWords: 'it does not serve yet', checks: {} };
    try {
      const answer = await fetch(this.#url);
      const text = await answer.text();
      const { checks = {} } = text === '' ? {} : (JSON.parse(text) as { checks?: Checks });
      return { well: answer.ok, inWords: `it answers ${answer.status} ${text}`, checks };
    } catch (error) {
      return { well: false, inWords: `it does not answer: ${error}`, checks: {} };
    }
  }
}

/** The event store names itself as its clients do, and is live or not there. */
const healthAt = (address: string): URL =>
  address.startsWith('esdb:')
    ? new URL('/health/live', address.replace('esdb:', 'http:'))
    : new URL('/health/ready', address);
