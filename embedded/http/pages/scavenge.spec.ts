import { describe, expect, it } from 'vitest';
import { useNode } from '../../scavenging/testing/scavenging-node.ts';

describe('/admin/scavenge', () => {
  const { call, callForJson, fill, last, startScavenge } = useNode();

  it('starts a scavenge, and shows it while it runs and afterwards', async () => {
    await fill();
    expect(await call('GET', '/admin/scavenge/current')).toEqual({
      status: 200,
      body: 'ScavengeId: , ScavengeLink: ',
    });
    const none = '00000000-0000-0000-0000-000000000000';
    expect(await call('GET', '/admin/scavenge/last')).toEqual({
      status: 200,
      body: `ScavengeId: ${none}, ScavengeLink: , ScavengeResult: Unknown`,
    });

    const [started, again, current, going] = await Promise.all([
      call('POST', '/admin/scavenge'),
      call('POST', '/admin/scavenge?threads=2&startFromChunk=1&threshold=-1&throttlePercent=50'),
      callForJson('GET', '/admin/scavenge/current'),
      last(),
    ]);
    const scavengeId = started.body.replace('ScavengeId: ', '');
    expect(scavengeId).toMatch(/^[0-9a-f-]{36}$/);
    expect(started.status).toBe(200);
    expect(again).toEqual({ status: 400, body: 'Scavenge is already running' });
    const scavengeLink = `/admin/scavenge/${scavengeId}`;
    expect(current).toEqual({ scavengeId, scavengeLink });
    expect(going).toEqual({ scavengeId, scavengeLink, scavengeResult: 'InProgress' });
    await expect.poll(last).toMatchObject({ scavengeResult: 'Success' });
  });

  it('stops a scavenge by its id, or as the current one', async () => {
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
