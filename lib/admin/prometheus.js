'use strict';
// formatMetrics: samples as Prometheus reads them (text format 0.0.4).
//
// Pure. Written here and not taken from prom-client: that package would be loaded at every start, admin surface or not, and what it is
// good for, keeping counters, is done by the core.

/**
 * @typedef {object} Metric
 * @property {string} name
 * @property {'counter' | 'gauge' | 'summary'} type
 * @property {string} help
 * @property {{suffix?: string, labels?: Record<string, string>, value: number}[]} samples
 */

/** The content type of what formatMetrics() gives. */
const kContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** @param {Metric[]} metrics @returns {string} */
function formatMetrics(metrics) {
  return metrics.map(formatMetric).join('');
}

/** @param {Metric} metric */
function formatMetric({ name, type, help, samples }) {
  const lines = samples.map(
    ({ suffix = '', labels, value }) => `${name}${suffix}${formatLabels(labels)} ${value}\n`,
  );
  return `# HELP ${name} ${escapeText(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** @param {Record<string, string> | undefined} labels */
function formatLabels(labels) {
  if (labels === undefined) return '';
  const pairs = Object.entries(labels).map(
    ([label, value]) => `${label}="${escapeText(value).replaceAll('"', '\\"')}"`,
  );
  return `{${pairs.join(',')}}`;
}

/** @param {string} text */
function escapeText(text) {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

module.exports = { formatMetrics, kContentType };
