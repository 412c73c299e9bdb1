import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { T: 'Asked' },
  classes: { Asked: { sqlite: true } },
  compatibilityFlags: ['enable_request_signal', 'enable_abortsignal_rpc', 'experimental'],
};

export const cases = probeCases({
  'gives-up': 'S1.8.7 a caller gives a fetch up',
  'own-reason': 'S1.8.7 a caller gives up for a reason of its own',
  'listener-calls': 'S1.8.7 what the listener of a Worker calls',
  'aborted-before': 'S1.8.7 a fetch whose signal is aborted already',
  'cancels-body': 'S1.8.7 a caller cancels the body',
  'reads-all': 'S1.8.7 a fetch that is answered aborts nothing',
  'signal-of-request': 'S1.8.7 the signal of a delivered request',
  'object-survives': 'S1.8.7 the object survives a fetch that was given up',
});
