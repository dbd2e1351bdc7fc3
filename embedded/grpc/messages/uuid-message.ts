import shared from '@eventstore/db-client/generated/shared_pb.js';
import { NIL_UUID, normaliseUuid, uuidFromHex } from '../../storage/uuid.ts';

/** Returns a UUID of either format in lower case; undefined if it is invalid or nil. */
export function uuidOf(id: shared.UUID | undefined): string | undefined {
  if (id === undefined) return undefined;
  const structured = id.getStructured();
  const text = structured ? fromHalves(structured) : normaliseUuid(id.getString());
  return text === NIL_UUID ? undefined : text;
}

function fromHalves(structured: shared.UUID.Structured): string {
  const halves = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()];
  const hex = halves.map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0')).join('');
  return uuidFromHex(hex);
}

/** Returns a UUID as a message in the structured format. */
export function structuredUuid(id: string): shared.UUID {
  const hex = id.replaceAll('-', '');
  const half = (from: number) => String(BigInt.asIntN(64, BigInt(`0x${hex.slice(from, from + 16)}`)));
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(half(0)).setLeastSignificantBits(half(16));
  return new shared.UUID().setStructured(structured);
}
