import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Contextual' },
  classes: { Contextual: { sqlite: true } },
  vars: { TEXT: 'a text', LIST: [1, 2] },
};

export const cases = probeCases({
  modules: 'S9.4.1 modules of Node',
  environment: 'S9.4.3 process.env has the variables only',
  'async-context': 'S9.4.5 AsyncLocalStorage follows awaits',
  'async-context-apart': 'S9.4.5 AsyncLocalStorage keeps calls apart',
  'buffer-stored': 'S3.8.6 a Buffer comes back as Uint8Array',
});
