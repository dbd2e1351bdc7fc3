import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import generated from '@eventstore/db-client/generated/shared_pb.js';

/** How the consumer wants ids: as text, or as two numbers. */
export type UuidForm = 'string' | 'structured';

export function writeUuid(id: string, form: UuidForm): UUID {
  const uuid = new generated.UUID();
  if (form === 'string') {
    uuid.setString(id);
    return uuid;
  }
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  const structured = new generated.UUID.Structured();
  structured.setMostSignificantBits(String(bytes.readBigInt64BE(0)));
  structured.setLeastSignificantBits(String(bytes.readBigInt64BE(8)));
  uuid.setStructured(structured);
  return uuid;
}

/** In small letters, whatever came; what is no UUID is nobody's id. */
export function readUuid(uuid: UUID): string {
  const structured = uuid.getStructured();
  if (!structured) return uuid.getString().toLowerCase();
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
