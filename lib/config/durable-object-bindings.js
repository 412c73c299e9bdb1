// readDurableObjectBindings: `durable_objects.bindings` of a config, checked (S8.3).
'use strict';

const { isTable } = require('./config-document');

/**
 * @typedef {object} DurableObjectBinding
 * @property {string} name The property of `env`.
 * @property {string} className
 * @property {string} [scriptName] Another Worker has the class.
 * @property {import('./config-error').Place} [place] Where it is declared.
 */

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @returns {DurableObjectBinding[]}
 * @throws {import('./config-error').ConfigError} with wrangler's texts (S8.3.2)
 */
function readDurableObjectBindings(section) {
  const value = section.data.durable_objects;
  if (value === undefined) return [];
  if (!isTable(value)) {
    throw section.error(
      ['durable_objects'],
      `The field "durable_objects" should be an object, but got ${JSON.stringify(value)}.`,
    );
  }
  const { bindings = [] } = value;
  const path = ['durable_objects', 'bindings'];
  if (!Array.isArray(bindings)) {
    throw section.error(
      path,
      `The field "durable_objects.bindings" should be an array, but got ${JSON.stringify(bindings)}.`,
    );
  }
  return bindings.map((binding, index) => {
    const problems = bindingProblems(binding);
    if (problems.length) {
      throw section.error(
        [...path, index],
        `"durable_objects.bindings[${index}]": ${problems.join(' ')}`,
      );
    }
    return {
      name: binding.name,
      className: binding.class_name,
      ...(binding.script_name === undefined ? {} : { scriptName: binding.script_name }),
      // To find it the file may have to be read anew.
      get place() {
        const { file, line, column } = section.error([...path, index], '');
        return { file, line, column };
      },
    };
  });
}

/** @param {unknown} binding */
function bindingProblems(binding) {
  if (!isTable(binding))
    return [`binding should be an object, but got ${JSON.stringify(binding)}.`];
  const problems = [];
  const { name, class_name: className, script_name: scriptName, environment } = binding;
  if (!isName(name)) problems.push('binding should have a string "name" field.');
  if (!isName(className)) problems.push('binding should have a string "class_name" field.');
  if (scriptName !== undefined && typeof scriptName !== 'string') {
    problems.push('the field "script_name", when present, should be a string.');
  }
  if (environment !== undefined && typeof environment !== 'string') {
    problems.push('the field "environment", when present, should be a string.');
  }
  if (environment !== undefined && scriptName === undefined) {
    problems.push('binding should have a "script_name" field if "environment" is present.');
  }
  return problems;
}

/** @param {unknown} value */
function isName(value) {
  return typeof value === 'string' && value !== '';
}

module.exports = { readDurableObjectBindings };
