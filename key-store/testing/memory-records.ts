import type { KeyRecord, KeyRecords } from '../key-records.ts';

/** Records in memory. Several key stores over the same records act as several processes. */
export class MemoryRecords implements KeyRecords {
  readonly #records = new Map<string, KeyRecord>();

  async find(ids: readonly string[]): Promise<KeyRecord[]> {
    return ids.flatMap((id) => this.#records.get(id) ?? []);
  }

  async withPrefix(prefix: string): Promise<KeyRecord[]> {
    return [...this.#records.values()]
      .filter(({ id }) => id.startsWith(prefix))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async insertIfAbsent(record: KeyRecord): Promise<KeyRecord> {
    const stored = this.#records.get(record.id) ?? record;
    this.#records.set(record.id, stored);
    return stored;
  }

  async setFacts(id: string, facts: string): Promise<void> {
    const stored = this.#records.get(id);
    if (stored?.wrapped !== undefined) this.#records.set(id, { ...stored, facts });
  }

  async destroy(id: string): Promise<void> {
    this.#records.set(id, { id });
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {}
}
