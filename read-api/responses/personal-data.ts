import { z } from 'zod';
import type { PersonalDataCipher } from '../../key-store/personal-data.ts';

/** Decrypts personal data of a response; the caller must be permitted to see it. */
export type Decrypt = PersonalDataCipher['decryptAll'];

/** A document of a response; with `json` if the store provides it. */
interface Shown {
  readonly body: object;
  readonly json?: string;
}

/** Every encrypted value has a field of this name, and other fields never do. */
const MARK = '"ciphertext":"';

/** Returns a document with its personal data decrypted; unchanged, with its JSON, if it has none. */
export async function withPersonalData<Document extends Shown>(
  document: Document,
  decrypt: Decrypt,
): Promise<Shown> {
  if (document.json?.includes(MARK) === false) return document;
  const body = await decrypt(document.body);
  return body === document.body ? document : { body };
}

/** Returns documents with personal data decrypted; all keys are looked up with one query. */
export async function allWithPersonalData<Document extends Shown>(
  documents: readonly Document[],
  decrypt: Decrypt,
): Promise<Shown[]> {
  if (documents.every(({ json }) => json?.includes(MARK) === false)) return [...documents];
  const before = documents.map(({ body }) => body);
  const bodies = await decrypt(before);
  return bodies === before ? [...documents] : bodies.map((body) => ({ body }));
}

/** Returns the JSON of documents, with commas between them, with personal data decrypted. */
export async function jsonWithPersonalData(json: Buffer, decrypt: Decrypt): Promise<Buffer> {
  if (!json.includes(MARK)) return json;
  const documents: unknown[] = JSON.parse(`[${json.toString()}]`);
  return Buffer.from(JSON.stringify(await decrypt(documents)).slice(1, -1));
}

/** Fields beside personal data that cannot be shown: the field itself is `null`. */
export const unshown = {
  forgotten: z.literal(true).optional().meta({ description: 'The person was forgotten.' }),
  unreadable: z
    .literal(true)
    .optional()
    .meta({ description: 'The key store lacks the key of the person: an operator has to restore it.' }),
};
