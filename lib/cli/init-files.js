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
      devDependencies: {
        ...(isTyped ? { '@types/jest': '^30.0.0' } : {}),
        jest: '^30.0.0',
        ...(isTyped ? { typescript: '^5.9.0' } : {}),
      },
      jest: { preset: 'holdfast/jest' },
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
    [isTyped ? 'test/counter.test.ts' : 'test/counter.test.js']: isTyped
      ? TEST.replace('(path)', '(path: string)')
      : TEST,
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
    types: ['holdfast', 'holdfast/jest', 'jest'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['src', 'test'],
};

const TYPESCRIPT = `import { DurableObject } from 'cloudflare:workers';

declare global {
  namespace Cloudflare {
    /** What the configuration binds. */
    interface Env {
      COUNTER: DurableObjectNamespace<Counter>;
    }
  }
}

/** One count, kept for good. */
export class Counter extends DurableObject {
  async increment(): Promise<number> {
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    return count;
  }
}

export default {
  /** Each path has a counter of its own. */
  async fetch(request: Request, env: Cloudflare.Env): Promise<Response> {
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

const TEST = `import { advance, env, SELF } from 'cloudflare:test';

test('counts each path by itself', async () => {
  const ask = async (path) => (await SELF.fetch(\`http://localhost\${path}\`)).text();
  expect(await ask('/a')).toBe('/a was asked for 1 times\\n');
  expect(await ask('/a')).toBe('/a was asked for 2 times\\n');
  expect(await ask('/b')).toBe('/b was asked for 1 times\\n');
});

test('the object can be called without a request; what the test before wrote is undone', async () => {
  const stub = env.COUNTER.getByName('/a');
  expect(await stub.increment()).toBe(1);
  await expect(stub).toHaveStored('count', 1);
});

test('time can be moved', async () => {
  jest.useFakeTimers({ now: 0 });
  await advance('25h');
  expect(Date.now()).toBe(25 * 3_600_000);
  jest.useRealTimers();
});
`;

/** @param {object} value */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

module.exports = { projectFiles };
