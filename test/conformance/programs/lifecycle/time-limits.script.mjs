export const config = {
  bindings: { LIMITED: 'Limited' },
  classes: { Limited: { sqlite: true } },
  concurrent: true,
};

const limitMs = 30_000;

const limited = (plan, name) => ({
  name,
  steps: async (t) => {
    await t.fetch(`/${plan}/start`);
    await t.pause(limitMs - 2_000);
    await t.fetch(`/${plan}/result`);
    await t.pause(3_500);
    await t.fetch(`/${plan}/result`);
  },
});

export const cases = [
  limited('timer', 'S1.12.5 a section that waits too long'),
  limited('never', 'S1.12.5 a section that awaits what never comes'),
  limited('outside', 'S1.12.4 a section that awaits what began outside'),
  limited('many-short-waits', 'S1.12.5 I/O inside does not extend the limit'),
  limited('nested', 'S1.12.5 an inner section that waits too long'),
  limited('constructor', 'S1.12.5 a section of a constructor that waits too long'),
];
