import type { Collection } from 'mongodb';
import type { Lease, Metadata, ModelStatus } from '../read-store.ts';
import type { ControlDocument } from './stored-document.ts';
import { ignoreDuplicateId, translateErrors } from './translate-errors.ts';

const IDENTITY = 'identity';
const STATUS = 'status:';
const leaseId = (name: string): string => `lease:${name}`;
const metadataId = (name: string): string => `note:${name}`;

/** Data that belongs to no generation: the store's identity, the lease, the status of the read models, and metadata. */
export class MongoControl {
  protected readonly control: Collection<ControlDocument>;

  constructor(control: Collection<ControlDocument>) {
    this.control = control;
  }

  async metadata(name: string): Promise<Metadata | undefined> {
    const found = await this.findControl(metadataId(name));
    return found === null ? undefined : { revision: Number(found.revision), body: found.body };
  }

  async replaceMetadata(name: string, body: unknown, expected: number): Promise<boolean> {
    const metadata = { revision: expected + 1, body };
    const _id = metadataId(name);
    if (expected === 0)
      return (await ignoreDuplicateId(() => this.control.insertOne({ _id, ...metadata }))) !== undefined;
    const { matchedCount } = await translateErrors(() =>
      this.control.updateOne({ _id, revision: expected }, { $set: metadata }),
    );
    return matchedCount > 0;
  }

  async claimIdentity(name: string): Promise<string> {
    return String((await this.putIfAbsent(IDENTITY, { name }))?.name);
  }

  async takeLease(name: string, { owner, url, beat }: Lease, silent?: Lease): Promise<Lease> {
    const free = [{ owner }, ...(silent ? [{ owner: silent.owner, expiresAt: silent.beat }] : [])];
    await ignoreDuplicateId(() =>
      this.control.updateOne(
        { _id: leaseId(name), $or: free },
        { $set: { owner, url, expiresAt: beat } },
        { upsert: true },
      ),
    );
    // Return the stored lease: another projector may have taken ours since.
    return (await this.currentLease(name)) ?? { owner: '', url, beat };
  }

  async currentLease(name: string): Promise<Lease | undefined> {
    const found = await this.findControl(leaseId(name));
    if (found === null) return undefined;
    return { owner: String(found.owner), url: String(found.url), beat: Number(found.expiresAt) };
  }

  async releaseLease(name: string, owner: string): Promise<void> {
    await translateErrors(() => this.control.deleteOne({ _id: leaseId(name), owner }));
  }

  async writeStatus(status: ModelStatus): Promise<void> {
    await translateErrors(() =>
      this.control.replaceOne({ _id: `${STATUS}${status.name}` }, { status }, { upsert: true }),
    );
  }

  async statuses(): Promise<ModelStatus[]> {
    const found = await translateErrors(() =>
      this.control
        .find({ _id: { $gte: STATUS, $lt: `${STATUS.slice(0, -1)};` } })
        .sort({ _id: 1 })
        .toArray(),
    );
    return found.map(({ status }) => status as ModelStatus);
  }

  protected findControl(_id: string) {
    return translateErrors(() => this.control.findOne({ _id }));
  }

  /** Stores a document unless one with this id exists. Returns the stored one. */
  protected async putIfAbsent(_id: string, fields: Readonly<Record<string, unknown>>) {
    await ignoreDuplicateId(() =>
      this.control.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true }),
    );
    return this.findControl(_id);
  }
}
