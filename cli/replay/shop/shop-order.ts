/** An order as the query API shows it. */
export interface ShopOrder {
  readonly orderId: string;
  readonly status: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly items: readonly {
    readonly productId: string;
    readonly quantity: number;
    readonly lineTotal: { readonly amount: number; readonly currency: string };
  }[];
  readonly shipment?: { readonly status: string };
  readonly updatedAt: string;
}

const AT_REST = new Set(['shipped', 'delivered', 'rejected', 'cancelled']);

export const waitsForDispatch = (order: ShopOrder | undefined): boolean =>
  order?.status === 'confirmed' && order.shipment?.status === 'requested';
export const isAtRest = (order: ShopOrder): boolean => AT_REST.has(order.status);
export const isShipped = ({ status }: ShopOrder): boolean => status === 'shipped' || status === 'delivered';
