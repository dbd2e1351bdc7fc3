import type { TestEnvironment } from '../system.ts';
import { waitUntil } from '../wait-until.ts';
import { freePort } from './free-port.ts';
import type { RunningProgram } from './launch-program.ts';
import type { StartedSystems } from './started-systems.ts';
import { waitUntilServing } from './wait-until-serving.ts';

export const roles = ['write-side', 'process-managers', 'projections', 'read-api'] as const;
export type RoleName = (typeof roles)[number];

/** The response of `/health/ready` and its duration. */
export interface Health {
  readonly status: number;
  readonly ms: number;
  readonly checks: Readonly<Record<string, string>>;
}

/** A system with its own event store and one process per role. */
export class RolesInProcesses {
  readonly environment: TestEnvironment;
  readonly running = new Map<RoleName, RunningProgram>();
  eventStore: RunningProgram | undefined;
  readonly #systems: StartedSystems;
  readonly #urls: Readonly<Record<RoleName, string>>;

  private constructor(
    systems: StartedSystems,
    environment: TestEnvironment,
    urls: Readonly<Record<RoleName, string>>,
  ) {
    this.#systems = systems;
    this.environment = environment;
    this.#urls = urls;
  }

  static async start(systems: StartedSystems, settings: NodeJS.ProcessEnv = {}): Promise<RolesInProcesses> {
    const [projections, managers] = [await freePort(), await freePort()];
    const environment = await systems.createEnvironment({
      LOG_LEVEL: 'info',
      PROJECTIONS_PORT: String(projections),
      PROCESS_MANAGERS_PORT: String(managers),
      ...settings,
    });
    const started = new RolesInProcesses(systems, environment, {
      'write-side': environment.commandUrl,
      'read-api': environment.queryUrl,
      projections: `http://127.0.0.1:${projections}`,
      'process-managers': `http://127.0.0.1:${managers}`,
    });
    await started.startEventStore();
    for (const role of roles) started.start(role);
    await started.allReady();
    return started;
  }

  async startEventStore(...options: readonly string[]): Promise<void> {
    this.eventStore = this.#systems.start(this.environment, 'eventstore', ...options);
    await waitUntilServing(this.eventStore, [`${this.environment.eventStoreUrl}/health/live`]);
  }

  start(role: RoleName): void {
    this.running.set(role, this.#systems.start(this.environment, role));
  }

  /** Sends a signal to the process of a role or of the event store. */
  signal(which: RoleName | 'eventstore', signal: NodeJS.Signals): void {
    const launched = which === 'eventstore' ? this.eventStore : this.running.get(which);
    launched?.child.kill(signal);
  }

  async health(role: RoleName): Promise<Health> {
    const asked = performance.now();
    try {
      const answer = await fetch(`${this.#urls[role]}/health/ready`);
      const { checks } = (await answer.json()) as { checks: Health['checks'] };
      return { status: answer.status, ms: performance.now() - asked, checks };
    } catch (error) {
      return { status: 0, ms: performance.now() - asked, checks: { health: String(error) } };
    }
  }

  /** Waits until a role is not ready, with this sentence for a check. Returns that health. */
  notReady(role: RoleName, check: string, sentence: string): Promise<Health> {
    return waitUntil(
      `${role} reports ${check}: ${sentence}\n${this.running.get(role)?.output().slice(-2_000)}`,
      () => this.health(role),
      ({ status, checks }) => status === 503 && checks[check] === sentence,
    );
  }

  async ready(role: RoleName): Promise<void> {
    await waitUntil(
      `${role} is ready`,
      () => this.health(role),
      ({ status }) => status === 200,
    );
  }

  async allReady(): Promise<void> {
    for (const role of roles) await this.ready(role);
  }
}
