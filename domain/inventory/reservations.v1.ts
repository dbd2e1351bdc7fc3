/** Version 1 of `StockReserved`, `StockReservationRefused`, `StockReleased` and `StockCommitted` dated the order by a clock. */
export function reservationFromV1(data: unknown): unknown {
  const { placedAt: _, ...rest } = data as { readonly placedAt: string };
  return { ...rest, orderPosition: null };
}
