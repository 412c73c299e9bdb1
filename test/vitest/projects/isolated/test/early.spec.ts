import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import bytes from './bytes.raw';
import words from './words.note';

const early = await env.NOTES.getByName('early')
  .list()
  .catch((error: Error) => error.message);

it('is told that a call at the top level comes too early', async () => {
  expect(early).toMatch(/call its objects in a hook or in a test/);
  expect(await env.NOTES.getByName('early').list()).toEqual([]);
});

it('has the modules that the rules of the project name', () => {
  expect(words).toBe('words');
  expect(bytes).toBeInstanceOf(ArrayBuffer);
  expect([...new Uint8Array(bytes)]).toEqual([0, 1, 255]);
});
