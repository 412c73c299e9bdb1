'use strict';
// typedModules: what Workers import that is no code (S8.2): text, bytes and WebAssembly, as the project's `rules` say.

const { attachedValue } = require('../testing/kit/attached-module');

/**
 * @param {() => import('../config/load-config').ResolvedConfig} resolved of the project, once it is known
 * @returns {import('vite').Plugin}
 */
function typedModules(resolved) {
  return {
    name: 'holdfast:typed-modules',
    enforce: 'pre',
    load(id) {
      if (id.startsWith('\0')) return undefined;
      const file = id.replace(/\?.*$/, '');
      const value = attachedValue(resolved(), file, `readFileSync(${JSON.stringify(file)})`);
      if (value === undefined) return undefined;
      const code = `import { readFileSync } from 'node:fs';\nexport default ${value};\n`;
      return { code, map: null };
    },
  };
}

module.exports = { typedModules };
