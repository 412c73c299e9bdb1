'use strict';

const { report } = require('../../bench/harness/report');

test('a row shows our median, theirs and the ratio; a side without the benchmark has empty cells', () => {
  const shared = { rounds: 3, seconds: 2, headline: ['cpu_us_per_op'] };
  const text = report(
    [
      {
        ...shared,
        name: 'x/one',
        conditions: { cpu: 'a model', load: '1.00' },
        does: 'something',
        sides: { holdfast: { cpu_us_per_op: 12.345 }, workerd: { cpu_us_per_op: 1234.5 } },
        ratios: { workerd: { cpu_us_per_op: 0.01 } },
      },
      {
        ...shared,
        name: 'x/two',
        conditions: { cpu: 'a model', load: '2.00' },
        does: 'else',
        sides: { holdfast: { cpu_us_per_op: 10 }, node: { cpu_us_per_op: 20 } },
        ratios: { node: { cpu_us_per_op: 0.5 } },
      },
    ],
    ['x/one: kept'],
  );
  expect(text).toContain('- cpu: a model\n');
  expect(text).toContain('| x/one | CPU µs/op | 12.3 | 1,235 | 0.01 |  |  |\n');
  expect(text).toContain('| x/two | CPU µs/op | 10 |  |  | 20 | 0.50 |\n');
  expect(text).toContain('- x/one: something (3 rounds of 2 s, load 1.00)\n');
  expect(text).toContain('- x/one: kept\n');
});
