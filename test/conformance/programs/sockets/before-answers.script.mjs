const steps = {
  notify: 'a message, then the answer',
  'after-put': 'a put, a message, then the answer',
  'after-sql': 'a row, a message, then the answer',
  'then-put': 'a message, a put, then the answer',
  'then-wait': 'a message, a timer, then the answer',
  many: 'several messages, then the answer',
  end: 'a close, then the answer',
  fetch: 'a message, then the answer of fetch()',
  'send-then-call': 'a message to the object, then a call',
};

export const config = {
  bindings: { HIBERNATING: 'Hibernating', STANDARD: 'Standard', ASKER: 'Asker' },
  classes: {
    Hibernating: { sqlite: true },
    Standard: { sqlite: true },
    Asker: { sqlite: true },
  },
};

export const cases = Object.entries(steps).flatMap(([step, what]) =>
  ['hibernating', 'standard'].flatMap((kind) => [
    { name: `S6.3 ${kind}, to a Worker: ${what}`, request: { path: `/${kind}-${step}` } },
    { name: `S6.3 ${kind}, to an object: ${what}`, request: { path: `/${kind}-${step}?object` } },
  ]),
);
