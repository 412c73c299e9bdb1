// Which migrations of a config were applied to the stored data already, and which are to come (S8.4.2, S8.4.8).
//
// What was applied is a beginning of the list: entries are added at its end, and neither lost nor moved. A list that says otherwise
// is refused, as nobody can tell what its author wants to happen to the data.
'use strict';

/** @typedef {import('./migration-list').Migration} Migration */

/**
 * @param {readonly string[]} applied tags, in order
 * @param {readonly Migration[]} migrations
 * @returns {Migration[]} those to come
 * @throws {Error} `applied` is no beginning of the list
 */
function pendingMigrations(applied, migrations) {
  const tags = migrations.map(({ tag }) => tag);
  if (applied.every((tag, index) => tags[index] === tag)) return migrations.slice(applied.length);
  throw new Error(explain(applied, tags));
}

/**
 * @param {readonly string[]} applied
 * @param {readonly string[]} tags
 */
function explain(applied, tags) {
  const missing = applied.filter((tag) => !tags.includes(tag));
  const last = tags.findLastIndex((tag) => applied.includes(tag));
  const early = tags.slice(0, last).filter((tag) => !applied.includes(tag));
  const problems = [
    ...(missing.length ? [`${list(missing)} ${verb(missing)} missing.`] : []),
    ...(early.length
      ? [
          `${list(early)} ${verb(early)} new and must stand behind ${list([applied[applied.length - 1]])}.`,
        ]
      : []),
    ...(missing.length || early.length ? [] : ['They stand in another order.']),
  ];
  return (
    `The migrations of the configuration are not those that were applied to the stored data. ${problems.join(' ')} ` +
    `Applied: ${list(applied)}. Configured: ${tags.length ? list(tags) : 'none'}. Put back what is missing, in the order of old, and add ` +
    'new ones at the end. If you made one list of several on purpose, start once with --adopt-migrations ' +
    '(createRuntime({ adoptMigrations: true })): classes that are there keep their data, and the list counts as applied.'
  );
}

/** @param {readonly string[]} tags */
const list = (tags) => tags.map((tag) => JSON.stringify(tag)).join(', ');

/** @param {readonly string[]} tags */
const verb = (tags) => (tags.length === 1 ? 'is' : 'are');

module.exports = { pendingMigrations };
