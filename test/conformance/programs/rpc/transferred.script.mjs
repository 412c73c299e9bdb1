import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityFlags: ['rpc_params_transfer_stubs'],
  bindings: {},
  classes: { Keeper: { sqlite: true } },
};

export const cases = probeCases({
  arguments: 'S7.6.2 a stub among the arguments changes hands',
  'same-argument-twice': 'S7.6.2 one stub twice among the arguments',
  'dup-before': 'S7.6.2 a duplicate stays',
  'to-object': 'S7.6.2 a stub given to an object',
  'plain-target': 'S7.6.2 a target is never duplicated by its dup',
  refused: 'S7.6.2 arguments that cannot be sent',
});
