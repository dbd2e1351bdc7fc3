import type { CommandRoute } from '../command-services.ts';
import { cancelOrder } from './cancel-order.ts';
import { placeOrder } from './place-order.ts';

export const orderRoutes: readonly CommandRoute[] = [placeOrder, cancelOrder];
