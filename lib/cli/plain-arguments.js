// plainArguments: the arguments of `holdfast start` and `holdfast dev` where they are plain, without commander.
//
// commander takes a tenth of a start to load. What it has to be asked about (help, mistakes, values that begin with a dash, options
// with several values, other commands) is left to it: this function says nothing about those, and nothing that commander would say differently.
'use strict';

const { serveOptions } = require('./option-table');

/** @typedef {import('./options').ServeOptions} ServeOptions */

/**
 * @typedef {object} Known
 * @property {string} name of the property
 * @property {boolean} takesValue
 * @property {import('./option-table').OptionRow} row
 */

/** @returns {Map<string, Known>} by each spelling: `-p` and `--port`; none that takes several values */
function knownOptions() {
  const known = new Map();
  for (const row of serveOptions.filter(({ flags }) => !flags.endsWith('...>'))) {
    const [names, value] = row.flags.split(' <');
    const spellings = names.split(', ');
    const name = spellings[spellings.length - 1]
      .slice('--'.length)
      .replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
    for (const one of spellings) known.set(one, { name, takesValue: value !== undefined, row });
  }
  return known;
}

/**
 * @param {readonly string[]} args what follows the name of the program
 * @returns {{mode: 'start' | 'dev', options: ServeOptions} | undefined} undefined: commander is to read them
 */
function plainArguments([mode, ...rest]) {
  if (mode !== 'start' && mode !== 'dev') return undefined;
  try {
    const options = readOptions(rest);
    return options && { mode, options };
  } catch {
    return undefined; // a value that is refused: commander says so
  }
}

/** @param {string[]} args @returns {ServeOptions | undefined} */
function readOptions(args) {
  const known = knownOptions();
  /** @type {Record<string, any>} */
  const given = {};
  /** @type {string | undefined} */
  let project;
  while (args.length > 0) {
    const arg = String(args.shift());
    if (!arg.startsWith('-')) {
      if (project !== undefined) return undefined;
      project = arg;
      continue;
    }
    const option = known.get(arg);
    if (option === undefined) return undefined;
    const { name, takesValue, row } = option;
    if (!takesValue) {
      given[name] = true;
      continue;
    }
    const text = args.shift();
    if (text === undefined || text.startsWith('-')) return undefined;
    if (row.choices && !row.choices.includes(text)) return undefined;
    given[name] = row.parse ? row.parse(text, given[name]) : text;
  }
  return { var: {}, ...given, project };
}

module.exports = { plainArguments };
