import { SELF } from 'cloudflare:test';
import { titleOf } from '../src/title';

jest.mock('../src/title', () => ({ titleOf: jest.fn(async () => 'Mocked') }));

test('a mocked module is mocked in the Worker, too', async () => {
  expect(await (await SELF.fetch('http://localhost/x')).text()).toBe('Mocked: 1');
  expect(titleOf).toHaveBeenCalledWith('/x', expect.objectContaining({ KEEP_HOURS: '24' }));
});
