'use strict';

const { formatMetrics } = require('../../../lib/admin/prometheus');

test('a counter, a gauge with labels and a summary', () => {
  expect(
    formatMetrics([
      { name: 'a_total', type: 'counter', help: 'Counts.', samples: [{ value: 3 }] },
      {
        name: 'b',
        type: 'gauge',
        help: 'Two\nlines and a \\.',
        samples: [
          { labels: { state: 'x', name: 'say "hi"\n\\' }, value: 1.5 },
          { labels: { state: 'y' }, value: 0 },
        ],
      },
      {
        name: 'c_seconds',
        type: 'summary',
        help: 'Waits.',
        samples: [
          { suffix: '_sum', value: 0.25 },
          { suffix: '_count', value: 2 },
        ],
      },
    ]),
  ).toBe(
    [
      '# HELP a_total Counts.',
      '# TYPE a_total counter',
      'a_total 3',
      '# HELP b Two\\nlines and a \\\\.',
      '# TYPE b gauge',
      'b{state="x",name="say \\"hi\\"\\n\\\\"} 1.5',
      'b{state="y"} 0',
      '# HELP c_seconds Waits.',
      '# TYPE c_seconds summary',
      'c_seconds_sum 0.25',
      'c_seconds_count 2',
      '',
    ].join('\n'),
  );
});
