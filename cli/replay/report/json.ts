const MARK = '\u0000exact:';

/** Returns JSON that writes a bigint as a number with all its digits. */
export function exactJson(value: unknown): string {
  const text = JSON.stringify(value, (_name, field) =>
    typeof field === 'bigint' ? `${MARK}${field}` : field,
  );
  return text.replaceAll(/"\\u0000exact:(-?[0-9]+)"/g, '$1');
}
