import type { ChildProcess } from 'node:child_process';
import { CHILD_OPTION } from '../../../../bin/start/processes/child-option.ts';
import { KillableProcess, type ProcessHealth } from '../../../support/processes/killable-process.ts';
import { commandLine } from '../../../support/processes/launch-orderstream.ts';
import type { UnexpectedExit } from '../../../support/processes/process-errors.ts';

/** The checks in the response of `/health/ready`. */
type Checks = Readonly<Record<string, string>>;

/** A process of `orderstream start ROLE`. It ends with the test, also when the test is killed. */
export class RoleProcess extends KillableProcess {
  /** URL of its health, once it has reported its address. */
  #url: URL | undefined;

  constructor(
    name: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    onUnexpectedExit: (error: UnexpectedExit) => void,
  ) {
    super({
      name,
      program: process.execPath,
      args: commandLine(['start', ...args, CHILD_OPTION], env),
      env,
      // As between a start and its children: the child reports its addresses here, and ends when the channel closes.
      channel: true,
      onUnexpectedExit,
    });
  }

  /** Waits until a check has this text, such as `waitForCheck('projections', 'ok')`. Throws `NotReadyInTime`. */
  async waitForCheck(check: string, text: string): Promise<void> {
    await this.waitUntilHealthy(async () => {
      const { isHealthy, description, checks } = await this.#fetchHealth();
      return { isHealthy: isHealthy && checks[check] === text, description };
    });
  }

  /** Returns the sum of a metric over all labels; 0 before the process serves. */
  async metricTotal(metric: string): Promise<number> {
    if (this.#url === undefined) return 0;
    const text = await (await fetch(new URL('/metrics', this.#url))).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${metric}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  protected override health(): Promise<ProcessHealth> {
    return this.#fetchHealth();
  }

  protected override started(child: ChildProcess): void {
    this.#url = undefined;
    child.once('message', ({ addresses }: { addresses: Record<string, string> }) => {
      this.#url = healthAt(Object.values(addresses)[0] ?? '');
    });
  }

  async #fetchHealth(): Promise<ProcessHealth & { checks: Checks }> {
    if (this.#url === undefined)
      return { isHealthy: false, description: 'it does not serve yet', checks: {} };
    try {
      const response = await fetch(this.#url);
      const text = await response.text();
      const { checks = {} } = text === '' ? {} : (JSON.parse(text) as { checks?: Checks });
      return { isHealthy: response.ok, description: `it answers ${response.status} ${text}`, checks };
    } catch (error) {
      return { isHealthy: false, description: `it does not answer: ${error}`, checks: {} };
    }
  }
}

/** The event store reports its connection string, and has no readiness check. */
const healthAt = (address: string): URL =>
  address.startsWith('esdb:')
    ? new URL('/health/live', address.replace('esdb:', 'http:'))
    : new URL('/health/ready', address);
