// What a debugger is told: the code of an object under the path of its source, with a map.
import { Session } from 'node:inspector';
import { env } from 'cloudflare:test';

test('a breakpoint in an object is found', async () => {
  await env.COUNTER.getByName('a').increment();
  const session = new Session();
  session.connect();
  const scripts: { url: string; sourceMapURL?: string }[] = [];
  session.on('Debugger.scriptParsed', ({ params }) => scripts.push(params));
  session.post('Debugger.enable');
  const script = scripts.find(({ url }) => url.endsWith('/src/index.ts'));
  expect(script?.sourceMapURL).toMatch(/^data:application\/json/);
  const map = JSON.parse(
    Buffer.from(String(script?.sourceMapURL).split('base64,')[1], 'base64').toString(),
  );
  expect(script?.url).toBe(`file://${map.sources[0]}`);
  expect(map.sourcesContent[0]).toContain('interface Env');
  session.disconnect();
});
