const secretKey = /authorization|cookie|password|secret|token|apikey|api-key|private/i;
const inText: readonly [RegExp, string][] = [
  // JSON web tokens, and the credentials of a connection string.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[hidden]'],
  [/(\w:\/\/)[^\s/@:]+:[^\s/@]+@/g, '$1[hidden]@'],
];
const MAX_DEPTH = 8;

/** Returns a value for the log: without secrets, found by the name of the field or by their form; errors as plain objects. */
export function withoutSecrets(key: string, value: unknown, depth = 0): unknown {
  if (value === undefined || value === null) return value;
  if (secretKey.test(key) && typeof value !== 'boolean' && typeof value !== 'number') return '[hidden]';
  if (typeof value === 'string') return inText.reduce((text, [what, by]) => text.replace(what, by), value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return withoutSecrets('', spelledOut(value), depth);
  if (Array.isArray(value)) return value.map((one) => withoutSecrets('', one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withoutSecrets(name, one, depth + 1)]),
  );
}

/** Other fields of an error are left out: those of store clients would fill the log with their internals. */
const spelledOut = (error: Error) => ({
  name: error.name,
  message: error.message,
  ...('code' in error && { code: error.code }),
  ...(error.stack !== undefined && { stack: error.stack }),
  ...(error.cause !== undefined && { cause: error.cause }),
});
