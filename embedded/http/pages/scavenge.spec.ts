import { describe, expect, it } from 'vitest';
import { ENDLESS, useNode } from '../../scavenging/testing/scavenging-node.ts';

const NO_ID = '00000000-0000-0000-0000-000000000000';

describe('/admin/scavenge while a scavenge runs', () => {
  const { call, callForJson, last, startScavenge } = useNode(ENDLESS);

  it('shows the scavenge, and starts no other one', async () => {
    const { status, body } = await call('POST', '/admin/scavenge');
    const scavengeId = body.replace('ScavengeId: ', '');
    expect([status, scavengeId]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);

    const query = 'threads=2&startFromChunk=1&threshold=-1&throttlePercent=50';
    expect(await call('POST', `/admin/scavenge?${query}`)).toEqual({
      status: 400,
      body: 'Scavenge is already running',
    });
    const scavengeLink = `/admin/scavenge/${scavengeId}`;
    expect(await callForJson('GET', '/admin/scavenge/current')).toEqual({ scavengeId, scavengeLink });
    expect(await last()).toEqual({ scavengeId, scavengeLink, scavengeResult: 'InProgress' });
  });

  it('stops the scavenge by its id, or as the current one', async () => {
    for (const name of ['current', undefined]) {
      const scavengeId = await startScavenge();
      expect(await call('DELETE', `/admin/scavenge/${name ?? scavengeId}`)).toEqual({
        status: 200,
        body: `ScavengeId: ${scavengeId}`,
      });
      expect(await last()).toMatchObject({ scavengeId, scavengeResult: 'Stopped' });
    }
    expect(await call('DELETE', '/admin/scavenge/current')).toEqual({
      status: 404,
      body: 'Scavenge Id does not exist',
    });
  });
});

describe('/admin/scavenge while no scavenge runs', () => {
  const { call, fill, last, scavenge } = useNode();

  it('shows the last scavenge, and no current one', async () => {
    expect(await call('GET', '/admin/scavenge/last')).toEqual({
      status: 200,
      body: `ScavengeId: ${NO_ID}, ScavengeLink: , ScavengeResult: Unknown`,
    });
    await fill();
    const scavengeId = await scavenge();

    expect(await call('GET', '/admin/scavenge/current')).toEqual({
      status: 200,
      body: 'ScavengeId: , ScavengeLink: ',
    });
    expect((await call('GET', '/admin/scavenge/last')).body).toBe(
      `ScavengeId: ${scavengeId}, ScavengeLink: /admin/scavenge/${scavengeId}, ScavengeResult: Success`,
    );
  });

  it.each([
    ['POST', '/admin/scavenge?threads=0', 400, 'threads must be a 1 or above'],
    ['POST', '/admin/scavenge?threads=many', 400, 'threads must be a 1 or above'],
    ['POST', '/admin/scavenge?startFromChunk=-1', 400, 'startFromChunk must be a positive integer'],
    ['POST', '/admin/scavenge?threshold=high', 400, 'threshold must be an integer'],
    [
      'POST',
      '/admin/scavenge?throttlePercent=101',
      400,
      'throttlePercent must be between 1 and 100 inclusive',
    ],
    ['GET', '/admin/scavenge', 404, ''],
    ['PUT', '/admin/scavenge', 405, ''],
    ['POST', '/admin/scavenge/current', 405, ''],
    ['DELETE', '/admin/scavenge/00000000-0000-4000-8000-000000000000', 404, 'Scavenge Id does not exist'],
  ])('responds to %s %s with status %i', async (method, place, status, body) => {
    expect(await call(method, place)).toEqual({ status, body });
  });

  it('rejects a start by a web page of another origin', async () => {
    const { status } = await call('POST', '/admin/scavenge', { origin: 'http://example.com' });
    expect(status).toBe(403);
    expect((await last()).scavengeResult).toBe('Unknown');
  });
});
