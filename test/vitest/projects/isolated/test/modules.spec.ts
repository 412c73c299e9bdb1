import { SELF } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import worker from '../src/index';

vi.mock('../src/prefix', () => ({ prefix: () => 'mocked' }));

it('gives the Worker the mocks of the test', async () => {
  expect(await (await SELF.fetch('http://example.com/')).text()).toBe('mocked answer');
  expect(await (await exports.default.fetch('http://example.com/')).text()).toBe('mocked answer');
});

it('has the modules of the Worker', async () => {
  expect(await worker.fetch().text()).toBe('mocked answer');
});
