import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, TestGateway } from './testing/gateway-kit.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await TestGateway.start();
});
afterEach(() => gateway.stop());

const order = { items: [{ productId: 'mug', quantity: 1 }] };
const writeAt = async (position: string, headers = bearer('ann'), status = 201) => {
  gateway.command.answer = (_got, res) => res.writeHead(status, { 'orderstream-position': position }).end();
  await gateway.post('/api/v1/orders', order, headers);
};
const lastWriteSent = () => gateway.query.last.headers['orderstream-last-write'];

describe('after a write of a session', () => {
  it('its queries have the position of the write', async () => {
    await writeAt('5197');
    await gateway.get('/api/v1/orders', bearer('ann'));
    expect(lastWriteSent()).toBe('5197');
  });

  it('the queries of other sessions, and those without a token, have none', async () => {
    await writeAt('5197');
    await gateway.get('/api/v1/orders', bearer('bob'));
    expect(lastWriteSent()).toBeUndefined();
    await gateway.get('/api/v1/inventory/items');
    expect(lastWriteSent()).toBeUndefined();
    await gateway.get('/api/v1/orders', { authorization: 'Bearer forged.token.here' });
    expect(lastWriteSent()).toBeUndefined();
  });

  it('a later response with an earlier position changes nothing', async () => {
    await writeAt('900');
    await writeAt('899');
    await gateway.get('/api/v1/orders', bearer('ann'));
    expect(lastWriteSent()).toBe('900');
    await writeAt('1000');
    await gateway.get('/api/v1/orders', bearer('ann'));
    expect(lastWriteSent()).toBe('1000');
  });

  it('the command API does not get it, and the response says when the query API is behind', async () => {
    await writeAt('7');
    await writeAt('8');
    expect(gateway.command.last.headers).not.toHaveProperty('orderstream-last-write');
    gateway.query.answer = (_got, res) => res.writeHead(200, { 'orderstream-behind': 'true' }).end();
    const { headers } = await gateway.get('/api/v1/orders', bearer('ann'));
    expect(headers['orderstream-behind']).toBe('true');
  });

  it('a response without a usable position records none', async () => {
    await writeAt('not a position');
    await gateway.get('/api/v1/orders', bearer('ann'));
    expect(lastWriteSent()).toBeUndefined();
  });
});
