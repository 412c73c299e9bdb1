// Writing code: how soon `holdfast dev` and `wrangler dev` answer, and how soon they answer with what was saved.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from './servers.mjs';
import { median } from './statistics.js';

const startsPerRound = 3;
const savesPerRound = 9;
const modules = 20;
const linesPerModule = 50;
const pollMs = 2;
const answerMsMax = 60_000;

/** Its source: a thousand lines of TypeScript in modules that import each other, and an object. @param {string} dir */
async function writeProject(dir) {
  await mkdir(path.join(dir, 'src'), { recursive: true });
  const config = {
    name: 'written',
    main: 'src/index.ts',
    compatibility_date: '2026-08-25',
    durable_objects: { bindings: [{ name: 'COUNTER', class_name: 'Counter' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Counter'] }],
  };
  await writeFile(path.join(dir, 'wrangler.json'), JSON.stringify(config));
  for (let i = 0; i < modules; i += 1) {
    const lines = [
      i > 0
        ? `import { sum as before } from './part-${i - 1}';`
        : 'const before = (n: number) => n;',
    ];
    for (let line = 0; line < linesPerModule - 4; line += 1)
      lines.push(`const value${line} = (given: number): number => given * ${line} + ${i};`);
    lines.push(
      'export function sum(n: number): number {',
      `  return before(n) + value${i}(n);`,
      '}',
      '',
    );
    await writeFile(path.join(dir, 'src', `part-${i}.ts`), lines.join('\n'));
  }
  await save(dir, 'saved-0');
}

/** @param {string} dir @param {string} text what the Worker answers from now on */
async function save(dir, text) {
  await writeFile(
    path.join(dir, 'src/index.ts'),
    `import { DurableObject } from 'cloudflare:workers';
import { sum } from './part-${modules - 1}';

export class Counter extends DurableObject {
  async text(): Promise<string> {
    return sum(1) > 0 ? '${text}' : 'nothing';
  }
}

export default {
  async fetch(_request: Request, env: { COUNTER: DurableObjectNamespace<Counter> }) {
    return new Response(await env.COUNTER.getByName('a').text());
  },
};
`,
  );
}

/** @param {number} port @param {string} text @returns {Promise<void>} when that is the answer */
async function answers(port, text) {
  for (const end = performance.now() + answerMsMax; performance.now() < end; await wait(pollMs)) {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if ((await response?.text().catch(() => '')) === text) return;
  }
  throw new Error(`it does not answer ${text}`);
}

/** @param {import('./benchmarks.mjs').Round} round @returns {Promise<import('./statistics.js').Metrics>} */
async function measureStart({ side, dir }) {
  const times = [];
  for (let i = 0; i < startsPerRound; i += 1) {
    await writeProject(`${dir}-${i}`);
    const begin = performance.now();
    const server = await startServer(`${side} dev`, `${dir}-${i}`);
    try {
      await answers(server.port, 'saved-0');
      times.push(performance.now() - begin);
    } finally {
      await server.stop();
    }
  }
  return { start_ms: median(times) };
}

/** @param {import('./benchmarks.mjs').Round} round @returns {Promise<import('./statistics.js').Metrics>} */
async function measureReload({ side, dir }) {
  await writeProject(dir);
  const server = await startServer(`${side} dev`, dir);
  try {
    await answers(server.port, 'saved-0');
    const times = [];
    for (let i = 1; i <= savesPerRound; i += 1) {
      await wait(300); // what the save before started is over
      await save(dir, `saved-${i}`);
      const begin = performance.now();
      await answers(server.port, `saved-${i}`);
      times.push(performance.now() - begin);
    }
    return { reload_p50_ms: median(times), reload_max_ms: Math.max(...times) };
  } finally {
    await server.stop();
  }
}

/** @type {Record<string, import('./benchmarks.mjs').Benchmark>} */
export const devBenchmarks = {
  'dev/start': {
    does: 'from spawn of the command for development to the first answer of a project of 1,000 lines',
    against: ['wrangler'],
    ownServer: true,
    headline: ['start_ms'],
    measure: measureStart,
  },
  'dev/reload': {
    does: 'from the save of a file of that project to the first answer of the new code',
    against: [], // wrangler misses saves while requests come
    ownServer: true,
    headline: ['reload_p50_ms'],
    measure: measureReload,
  },
};
