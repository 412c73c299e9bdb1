export const config = {
  compatibilityFlags: ['allow_irrevocable_stub_storage'],
  bindings: { STORE: 'Store' },
  classes: { Store: { sqlite: true } },
};

export const cases = [
  {
    name: 'S3.8.9 stored stubs are used after a restart, and after another',
    steps: async (t) => {
      await t.fetch('/put');
      await t.fetch('/use');
      await t.restart();
      await t.fetch('/use');
      await t.restart();
      await t.fetch('/use');
    },
  },
  {
    name: 'S3.8.9 stubs that one object stored are stored by another, before they were used',
    steps: async (t) => {
      await t.fetch('/put');
      await t.restart();
      await t.fetch('/give');
      await t.restart();
      await t.fetch('/take');
    },
  },
  {
    name: 'S3.8.9 an alarm uses a stored stub after a restart',
    steps: async (t) => {
      await t.fetch('/set-alarm');
      await t.restart();
      await t.fetchUntil('/rung', '1');
    },
  },
];
