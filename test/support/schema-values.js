// Values that a JSON schema allows, chosen by a seeded generator: for configurations of every kind.
'use strict';

/** @typedef {Record<string, any>} Schema */
/** @typedef {(below: number) => number} Random */

const WORDS = ['alpha', 'beta-2', 'gamma.example.com', 'delta/epsilon', '0f1e2d3c', 'Zeta', 'a b'];
/** Deeper values are left out where they may be. */
const DEPTH_MAX = 6;

/**
 * @param {Schema} schema
 * @param {object} how
 * @param {Record<string, Schema>} how.definitions
 * @param {Random} how.random
 * @param {number} how.share of ten optional properties, how many are there
 * @param {number} [depth]
 * @returns {any}
 */
function schemaValue(schema, how, depth = 0) {
  const { definitions, random } = how;
  const pick = (/** @type {any[]} */ list) => list[random(list.length)];
  if (schema.$ref) return schemaValue(definitions[schema.$ref.split('/').pop()], how, depth);
  if ('const' in schema) return schema.const;
  if (schema.enum) return pick(schema.enum);
  if (schema.anyOf) return schemaValue(pick(schema.anyOf), how, depth);
  const types = [schema.type ?? 'string'].flat().filter((type) => type !== 'null');
  switch (pick(types)) {
    case 'boolean':
      return random(2) === 1;
    case 'number':
    case 'integer':
      return Math.max(schema.minimum ?? 0, random(100));
    case 'array': {
      const length = depth > DEPTH_MAX ? 0 : random(3);
      return Array.from({ length }, () => schemaValue(schema.items ?? {}, how, depth + 1));
    }
    case 'object':
      return objectValue(schema, how, depth);
    default:
      return types.length === 0 ? 'x' : pick(WORDS);
  }
}

/** @param {Schema} schema @param {Parameters<typeof schemaValue>[1]} how @param {number} depth */
function objectValue(schema, how, depth) {
  const { random, share } = how;
  const { properties = {}, required = [], additionalProperties } = schema;
  /** @type {Record<string, any>} */
  const value = {};
  for (const [name, inner] of Object.entries(properties)) {
    const isWanted = depth <= DEPTH_MAX && random(10) < share;
    if (required.includes(name) || isWanted) value[name] = schemaValue(inner, how, depth + 1);
  }
  if (typeof additionalProperties === 'object' && depth <= DEPTH_MAX) {
    for (let count = random(3); count > 0; count--)
      value[`key${count}`] = schemaValue(additionalProperties, how, depth + 1);
  }
  return value;
}

module.exports = { schemaValue };
