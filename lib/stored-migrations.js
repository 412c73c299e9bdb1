'use strict';
// readStoredMigrations: what a data directory that nothing uses says about the migrations of a Worker (S8.4.2).

const { MigrationLedger } = require('./migration-ledger');
const { Shard } = require('./shard');

/** @type {import('./cli/migrations').ReadMigrations} */
async function readStoredMigrations(dataDir, workerName, migrations) {
  const shard = new Shard({ dataDir });
  try {
    const state = new MigrationLedger(shard.native).stored(workerName, migrations);
    const classes = Object.entries(state?.classes ?? {}).map(([name, { kind, uniqueKey }]) => {
      return { name, kind, uniqueKey, hasObjects: shard.native.hasObjects(uniqueKey) };
    });
    return { tags: state?.tags ?? [], classes };
  } finally {
    await shard.close();
  }
}

module.exports = { readStoredMigrations };
