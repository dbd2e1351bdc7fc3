import { z } from 'zod';
import type { Revisions } from '../../command-handling/command-handler.ts';
import { entityTags, revisionIn } from '../../platform/http/response/etags.ts';

/** Pattern of `If-Match` in the OpenAPI document. */
const ENTITY_TAGS = String.raw`^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$`;

/** Schema of the headers of every command. */
export const CommandHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'an Idempotency-Key is 1 to 255 printable ASCII characters')
    .optional()
    .meta({
      description:
        'Identifies this request among those of the same caller, method and path, for ever; 1 to 255 printable ASCII characters. The same key and payload return the first response again, without a second effect; another payload is 422. A rejected request may be sent again with its key.',
      example: 'order-7c1f2d',
    }),
  'if-match': z
    .string()
    .refine(
      (header) => entityTags(header) !== undefined,
      'If-Match is `*`, or ETags in double quotes with commas between them, such as "3"',
    )
    .optional()
    .meta({
      description:
        'Comma-separated ETags from either API, or revisions in double quotes. When none of them is current for the part that the command changes, the response is 412 and nothing is done. `*` matches any existing resource; a weak tag never matches.',
      override: { pattern: ENTITY_TAGS },
      example: '"3"',
    }),
});
export type CommandHeaders = z.output<typeof CommandHeaders>;

/**
 * Returns the revisions that `If-Match` names for the part of a resource that a command changes; undefined without the
 * header or for `*`. Strong comparison (RFC 9110, 13.1.1): a weak tag never matches.
 */
export function ifMatchOf({ 'if-match': header }: CommandHeaders, part: Part): Revisions | undefined {
  const tags = header === undefined ? '*' : entityTags(header);
  if (tags === '*' || tags === undefined) return undefined;
  return tags.flatMap(({ isWeak, opaque }) => (isWeak ? [] : (revisionIn(opaque, part) ?? [])));
}

/** Names of the parts of a resource in ETags. */
export type Part = 'product' | 'stock' | 'order' | 'payment' | 'shipment' | 'parked' | 'account' | 'rebuild';
