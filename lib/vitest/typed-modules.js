'use strict';
// typedModules: what Workers import that is no code (S8.4): text, bytes and WebAssembly, by wrangler's default rules.

const fs = require('node:fs/promises');

/** By ending: how the bytes become the default export. @type {Array<[RegExp, (literal: string) => string]>} */
const KINDS = [
  [/\.(?:txt|html|sql)$/, (literal) => `new TextDecoder().decode(${literal})`],
  [/\.bin$/, (literal) => `${literal}.buffer`],
  [/\.wasm(?:\?module)?$/, (literal) => `new WebAssembly.Module(${literal})`],
];

/** @returns {import('vite').Plugin} */
function typedModules() {
  return {
    name: 'holdfast:typed-modules',
    enforce: 'pre',
    async load(id) {
      const kind = KINDS.find(([pattern]) => pattern.test(id));
      if (kind === undefined || id.startsWith('\0')) return undefined;
      const bytes = await fs.readFile(id.replace(/\?.*$/, ''));
      const literal = `Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), (c) => c.charCodeAt(0))`;
      return { code: `export default ${kind[1](literal)};\n`, map: null };
    },
  };
}

module.exports = { typedModules };
