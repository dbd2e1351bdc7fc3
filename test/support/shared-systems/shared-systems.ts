import { type System, startSystem, type TestEnvironment } from '../system.ts';

/** Systems that several spec files use at the same time: one for each combination of settings. */
export class SharedSystems {
  readonly #systems = new Map<string, Promise<System>>();
  #users = 0;

  /** Returns the environment of a running system with these settings; starts the system for its first user. */
  async use(settings: Readonly<Record<string, string>>): Promise<Omit<TestEnvironment, 'token'>> {
    this.#users += 1;
    const kind = JSON.stringify(settings);
    const starting = this.#systems.get(kind) ?? startSystem(settings);
    this.#systems.set(kind, starting);
    const { commandUrl, queryUrl, gatewayUrl, eventStoreUrl, folder, env } = await starting;
    return { commandUrl, queryUrl, gatewayUrl, eventStoreUrl, folder, env };
  }

  /** Ends one use. Stops all systems after the last one, since even an idle system costs processor time. */
  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users === 0) await this.stop();
  }

  async stop(): Promise<void> {
    const all = [...this.#systems.values()];
    this.#systems.clear();
    for (const starting of all) await starting.then((system) => system.stop()).catch(() => {});
  }
}
