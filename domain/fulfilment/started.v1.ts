/** Version 1 of `FulfilmentStarted` dated the order by a clock. */
export function startedFromV1(data: unknown): unknown {
  const { placedAt: _, ...rest } = data as { readonly placedAt: string };
  return { ...rest, orderPosition: null };
}
