import type { CommandRoute } from '../command-services.ts';
import { refundPayment } from './refund-payment.ts';
import { resolvePayment } from './resolve-payment.ts';

export const paymentRoutes: readonly CommandRoute[] = [refundPayment, resolvePayment];
