import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { OBJECT: 'Answering', CALLER: 'Caller' },
  classes: { Answering: { sqlite: true }, Caller: { sqlite: true } },
};

export const cases = probeCases({
  'rpc-worker': 'S1.9 what runs beside an answer of RPC to a Worker',
  'rpc-object': 'S1.9 what runs beside an answer of RPC to an object',
  'fetch-worker': 'S1.9 what runs beside a response to a Worker',
  'fetch-object': 'S1.9 what runs beside a response to an object',
  'target-worker': 'S1.9 what runs beside an answer of a target to a Worker',
  'target-object': 'S1.9 what runs beside an answer of a target to an object',
  dependent: 'S7.3.1 a call that depends on an answer which is lost',
  shared: 'S7.2.2 answers that hold the same thing',
});
