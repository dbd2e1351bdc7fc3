import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { roleNames } from '../../bin/roles/roles.ts';
import { readConfig } from '../../platform/config/config.ts';
import { settings } from '../../platform/config/settings.ts';
import { environmentOf, read, stagesOf } from './dockerfile.ts';

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly read_only?: boolean;
}

const text = read('docker-compose.yml');
const services: Record<string, Service> = parse(text, { merge: true }).services;
const known = Object.values(settings).map(({ name }) => name as string);
const roles = roleNames.map((role) => [role, services[role] as Service] as const);
/** Names in `${NAME…}` outside of comments. */
const variables = new Set(
  [...text.replace(/^\s*#.*$/gm, '').matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name),
);

describe('docker-compose.yml', () => {
  it('has a service with the name of each role, which runs that role', () => {
    expect(Object.keys(services).sort()).toEqual([...roleNames, 'eventstore', 'mongodb', 'mailpit'].sort());
    for (const [role, { command, healthcheck }] of roles) {
      expect(command).toEqual(['start', role]);
      expect(healthcheck.test).toEqual(['CMD', 'node', 'deploy/health.mjs', role]);
    }
  });

  it('uses only variables of the configuration, and variables for image names', () => {
    expect([...variables].filter((name) => !known.includes(name)).sort()).toEqual([
      'EVENTSTORE_IMAGE',
      'MAILPIT_IMAGE',
      'MONGODB_IMAGE',
      'NODE_IMAGE',
      'ORDERSTREAM_IMAGE',
    ]);
    for (const [, { environment }] of roles)
      expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('passes every setting to every role, except those that the image sets', () => {
    const ofImage = Object.keys(environmentOf(stagesOf(read('deploy/Dockerfile'))));
    for (const [, { environment }] of roles)
      expect([...Object.keys(environment), ...ofImage].sort()).toEqual([...known, 'NODE_ENV'].sort());
  });

  it('passes valid settings, and requires JWT_SECRET and MASTER_KEY', () => {
    for (const [, { environment }] of roles) {
      const given = Object.entries(environment).map(([name, value]) => [name, value ?? undefined] as const);
      const secret = 'a secret of at least thirty-two bytes';
      const masterKey = Buffer.alloc(32).toString('base64');
      const config = readConfig(
        { ...Object.fromEntries(given), HOST: '0.0.0.0', JWT_SECRET: secret, MASTER_KEY: masterKey },
        { needs: ['jwtSecret', 'masterKey'] },
      );
      expect(config.readStoreUrl).toBe('mongodb://mongodb:27017/orderstream?replicaSet=rs0');
      expect(config.keyStoreUrl).toBe('mongodb://mongodb:27017/orderstream-keys?replicaSet=rs0');
      expect(environment.JWT_SECRET).toMatch(/^\$\{JWT_SECRET:\?/);
      expect(environment.MASTER_KEY).toMatch(/^\$\{MASTER_KEY:\?/);
    }
  });

  it('publishes ports on loopback only', () => {
    const ports = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(ports).toHaveLength(5);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('starts each service after the services it needs are healthy', () => {
    const needs = Object.fromEntries(
      roles.map(([role, { depends_on = {} }]) => [role, Object.keys(depends_on).sort()]),
    );
    expect(needs).toEqual({
      'write-side': ['eventstore', 'mongodb'],
      projections: ['eventstore', 'mongodb'],
      'process-managers': ['eventstore', 'mongodb', 'projections'],
      'read-api': ['mongodb', 'projections'],
      gateway: ['read-api', 'write-side'],
    });
    const conditions = roles.flatMap(([, { depends_on = {} }]) => Object.values(depends_on));
    for (const { condition } of conditions) expect(condition).toBe('service_healthy');
    for (const service of Object.values(services)) expect(service.healthcheck.test[0]).toBe('CMD');
  });

  it('takes every image from a variable', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/^\$\{[A-Z]+_IMAGE:-[^}]+\}$/);
  });
});
