import { env } from 'cloudflare:test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const notes = () => env.NOTES.getByName('notes');

it('writes', async () => {
  await notes().add('of the first test');
  await env.KV.put('key', 'value');
  expect(await notes().list()).toEqual(['of the first test']);
});

it('finds nothing of the test before', async () => {
  expect(await notes().list()).toEqual([]);
  expect(await env.KV.get('key')).toBeNull();
});

describe('a block', () => {
  beforeAll(() => notes().add('of the block'));
  afterAll(async () => expect(await notes().list()).toEqual(['of the block']));

  it('has what its hook wrote, and its own', async () => {
    await notes().add('own');
    expect(await notes().list()).toEqual(['of the block', 'own']);
  });

  describe('within', () => {
    beforeAll(() => notes().add('of the inner block'));

    it('has what all hooks wrote', async () => {
      expect(await notes().list()).toEqual(['of the block', 'of the inner block']);
    });
  });

  it('has what its hook wrote alone', async () => {
    expect(await notes().list()).toEqual(['of the block']);
  });
});

it('finds nothing of the block', async () => {
  expect(await notes().list()).toEqual([]);
});

let tries = 0;
it('begins anew when it is tried again', { retry: 1 }, async () => {
  await notes().add(`try ${tries}`);
  if (tries++ === 0) throw new Error('the first try fails');
  expect(await notes().list()).toEqual(['try 1']);
});
