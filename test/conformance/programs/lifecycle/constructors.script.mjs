import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: {
    BUILT: 'Built',
    PEER: 'Peer',
    THROWS: 'Throws',
    COUNTED: 'Counted',
    WRITES: 'Writes',
    RETURNS: 'Returns',
    ARGUMENTS: 'Arguments',
    CALLS: 'Calls',
  },
  classes: {
    Built: { sqlite: true },
    Peer: { sqlite: true },
    Throws: { sqlite: true },
    Counted: { sqlite: true },
    Writes: { sqlite: true },
    Returns: { sqlite: true },
    Arguments: { sqlite: true },
    Calls: { sqlite: true },
  },
};

export const cases = probeCases({
  'constructor-sections': 'S1.12.3 two sections in a constructor',
  'constructor-io': 'S1.12.4 I/O in a section of a constructor',
  'constructor-nested': 'S1.12.7 nested sections in a constructor',
  'constructor-timer': 'S2.5.1 a timer of the constructor waits for its section',
  'constructor-fails-fetch': 'S1.12.6 fetches wait for a section of a constructor that fails',
  'constructor-fails': 'S1.12.6 a section of a constructor fails',
  throws: 'S2.1.3 what callers see of a constructor that throws',
  'throws-plain-object': 'S2.1.3 a constructor that throws a plain object',
  'throws-once-for-all': 'S2.1.3 calls that wait share one failed construction',
  'writes-in-constructor': 'S2.1.4 writes of a constructor are committed',
  'writes-then-throws': 'S2.1.4 writes of a constructor that throws',
  'abort-in-constructor': 'S1.14.2 abort in a constructor',
  'returns-object': 'S1.10.2 a constructor that returns another object',
  'arguments-of-constructor': 'S1.10.2 arguments of a constructor',
  'overwrites-ctx': 'S1.11.1 members of ctx can be overwritten',
  'wrapped-ctx': 'S1.11.1 ctx behind a proxy, and as a prototype',
  'module-state': 'S2.1.5 module state is shared by the instances',
  'calls-in-constructor': 'S2.5.5 a constructor starts calls and background work',
});
