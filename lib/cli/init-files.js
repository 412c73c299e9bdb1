// projectFiles: the files of a new project: a counter as a Durable Object, with a test.
'use strict';

/** @typedef {'typescript' | 'javascript'} Language */

/**
 * @param {object} options
 * @param {string} options.name of the Worker and the package
 * @param {Language} options.language
 * @param {string} options.version of Holdfast
 * @param {string} options.compatibilityDate
 * @returns {Record<string, string>} contents by path
 */
function projectFiles({ name, language, version, compatibilityDate }) {
  const isTyped = language === 'typescript';
  const main = isTyped ? 'src/index.ts' : 'src/index.js';
  return {
    'package.json': json({
      name,
      private: true,
      scripts: {
        dev: 'holdfast dev',
        start: 'holdfast start',
        test: 'jest',
        ...(isTyped ? { check: 'tsc' } : {}),
      },
      dependencies: { holdfast: `^${version}` },
      devDependencies: { jest: '^30.0.0', ...(isTyped ? { typescript: '^5.9.0' } : {}) },
    }),
    'wrangler.jsonc': json({
      name,
      main,
      compatibility_date: compatibilityDate,
      compatibility_flags: ['nodejs_compat'],
      durable_objects: { bindings: [{ name: 'COUNTER', class_name: 'Counter' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Counter'] }],
    }),
    [main]: isTyped ? TYPESCRIPT : JAVASCRIPT,
    'test/counter.test.js': TEST,
    '.gitignore': 'node_modules/\n.holdfast/\n.dev.vars\n.env\n',
    ...(isTyped ? { 'tsconfig.json': json(TSCONFIG) } : {}),
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2024', 'webworker'],
    types: ['holdfast'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['src'],
};

const TYPESCRIPT = `import { DurableObject } from 'cloudflare:workers';

export interface Env {
  COUNTER: DurableObjectNamespace<Counter>;
}

/** One count, kept for good. */
export class Counter extends DurableObject<Env> {
  async increment(): Promise<number> {
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    return count;
  }
}

export default {
  /** Each path has a counter of its own. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const count = await env.COUNTER.getByName(pathname).increment();
    return new Response(\`\${pathname} was asked for \${count} times\\n\`);
  },
};
`;

const JAVASCRIPT = `import { DurableObject } from 'cloudflare:workers';

/** One count, kept for good. */
export class Counter extends DurableObject {
  async increment() {
    const count = ((await this.ctx.storage.get('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    return count;
  }
}

export default {
  /** Each path has a counter of its own. */
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const count = await env.COUNTER.getByName(pathname).increment();
    return new Response(\`\${pathname} was asked for \${count} times\\n\`);
  },
};
`;

const TEST = `'use strict';

const path = require('node:path');
const { createRuntime } = require('holdfast');

let runtime;

// Without a dataDir everything is kept in memory.
beforeAll(async () => {
  runtime = await createRuntime({ config: path.join(__dirname, '..') });
});
afterAll(() => runtime.close());

test('counts each path by itself', async () => {
  const ask = async (path) => (await runtime.fetch(\`http://localhost\${path}\`)).text();
  expect(await ask('/a')).toBe('/a was asked for 1 times\\n');
  expect(await ask('/a')).toBe('/a was asked for 2 times\\n');
  expect(await ask('/b')).toBe('/b was asked for 1 times\\n');
});

test('the object can be called without a request', async () => {
  expect(await runtime.env.COUNTER.getByName('direct').increment()).toBe(1);
});
`;

/** @param {object} value */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

module.exports = { projectFiles };
