// SIGKILL at random moments of a mixed load on many objects: nothing acknowledged is missing, every turn and transaction
// is whole or not at all (S12.1, S12.2, S3.10), alarms fire or wait (S12.7), every database is sound.
//
// An object has one operation under way at a time, so after a kill it holds what was acknowledged, or that and the
// operation that got no answer. Each round uses some of the objects; the others are read and soon evicted, so that the
// kill also meets objects on their way into their files. HOLDFAST_KILLS sets the number of kills, HOLDFAST_SEED repeats
// a run's numbers.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { startServer, temporaryDirectory } = require('../support/server');
const { Connection, Unanswered } = require('./client');
const model = require('./mixed-model');
const { randomFrom, seed } = require('../support/random');

const ROUNDS = Number(process.env.HOLDFAST_KILLS ?? 20);
const MS_PER_ROUND_MAX = 10_000;
const OBJECTS = 50;
const ACKNOWLEDGED_MAX = 600;
const PROJECT = 'test/crash/project';

/** One object and what it must hold. */
class Subject extends Connection {
  state = model.emptyState();
  /** @type {any} the operation that has no answer */
  pending;
  acknowledged = 0;
  #operations = 0;

  /** @param {string} name */
  constructor(name) {
    super();
    this.name = name;
  }

  /** @param {string} url @param {(below: number) => number} random */
  async perform(url, random) {
    this.#operations += 1;
    this.pending = model.randomOperation(random, this.#operations, Date.now());
    await this.request(url, 'POST', `/mixed/${this.name}`, JSON.stringify(this.pending));
    this.state = model.after(this.state, this.pending);
    this.pending = undefined;
    this.acknowledged += 1;
  }

  /** @param {string} url */
  async read(url) {
    const ask = async () => JSON.parse(await this.request(url, 'GET', `/mixed/${this.name}`));
    const found = await ask();
    // A reading that waited when an alarm was taken sees it gone, and runs before its handler (S5.3.1).
    return model.mayBeTaken(found) ? ask() : found;
  }

  /**
   * Settles what became of the pending operation.
   * @param {string} url
   * @returns {Promise<object | undefined>} what is wrong
   */
  async compare(url) {
    const found = await this.read(url);
    const violations = model.violations(found);
    const without = model.differences(found, this.state);
    const { name, pending } = this;
    this.pending = undefined;
    if (violations.length > 0) return { name, violations, pending };
    if (without.length === 0) return undefined;
    if (pending === undefined) return { name, without };
    const withIt = model.after(this.state, pending);
    const wrong = model.differences(found, withIt);
    if (wrong.length > 0) return { name, pending, without, withIt: wrong };
    this.state = withIt;
    return undefined;
  }
}

/** @type {import('../support/server').Server | undefined} */
let server;
// One that a failed comparison left behind.
afterEach(() => server?.kill());

test(
  `S12.1, S12.2, S12.7 ${ROUNDS} kills under a mixed load on ${OBJECTS} objects (HOLDFAST_SEED=${seed})`,
  async () => {
    const random = randomFrom(seed || 1);
    const dataDir = temporaryDirectory('crash-mixed');
    const args = ['--data-dir', dataDir, '--idle-eviction-ms', '50'];
    const subjects = Array.from({ length: OBJECTS }, (_, index) => new Subject(`object-${index}`));
    const acknowledged = () => subjects.reduce((sum, subject) => sum + subject.acknowledged, 0);

    for (let round = 0; round < ROUNDS; round += 1) {
      server = await startServer({ project: PROJECT, args });
      await compare(server.url, subjects, round);
      const before = acknowledged();
      await loadUntilKilled(server, subjects, random);
      expect(acknowledged()).toBeGreaterThan(before);
    }

    server = await startServer({ project: PROJECT, args });
    await compare(server.url, subjects, ROUNDS);
    await untilDueAlarmsRan(server, subjects);
    await compare(server.url, subjects, ROUNDS);
    expect((await server.stop()).code).toBe(0);
    for (const subject of subjects) subject.close();
    checkFiles(dataDir);
    console.log(`${ROUNDS} kills, ${acknowledged()} acknowledged operations`);
  },
  60_000 + ROUNDS * MS_PER_ROUND_MAX,
);

/** @param {string} url @param {Subject[]} subjects @param {number} round */
async function compare(url, subjects, round) {
  const wrong = await Promise.all(subjects.map((subject) => subject.compare(url)));
  expect({ seed, round, wrong: wrong.filter(Boolean) }).toEqual({ seed, round, wrong: [] });
}

/**
 * @param {import('../support/server').Server} server
 * @param {Subject[]} subjects
 * @param {(below: number) => number} random
 */
async function loadUntilKilled(server, subjects, random) {
  let left = 1 + random(ACKNOWLEDGED_MAX);
  const first = random(OBJECTS);
  const active = Array.from(
    { length: 10 + random(OBJECTS - 10) },
    (_, i) => subjects[(first + i) % OBJECTS],
  );
  /** @type {Promise<unknown> | undefined} */
  let dead;
  await Promise.all(
    active.map(async (subject) => {
      while (dead === undefined) {
        try {
          await subject.perform(server.url, random);
        } catch (error) {
          // Only our own kill may leave a request unanswered.
          if (!(error instanceof Unanswered) || dead === undefined) throw error;
          return;
        }
        left -= 1;
        if (left === 0) dead = server.kill();
      }
    }),
  );
  await dead;
}

/**
 * @param {import('../support/server').Server} server
 * @param {Subject[]} subjects
 */
async function untilDueAlarmsRan(server, subjects) {
  const soon = Date.now() + model.FAR_AHEAD_MS / 2;
  await Promise.all(
    subjects.map(async (subject) => {
      const { alarm } = await subject.read(server.url);
      if (alarm === null || alarm > soon) return;
      await server.waitForOutput(new RegExp(` alarm of ${subject.name} at ${alarm}$`, 'm'));
    }),
  );
}

/** After a clean stop every file is a sound SQLite database by itself; asked of the sqlite3 shell where there is one. */
function checkFiles(dataDir) {
  const files = fs
    .readdirSync(dataDir, { recursive: true })
    .map((name) => path.join(dataDir, String(name)))
    .filter((name) => name.endsWith('.sqlite'));
  expect(files.length).toBeGreaterThan(OBJECTS / 2);
  if (spawnSync('sqlite3', ['--version']).error) return;
  const answers = files.map((file) => {
    const { stdout, stderr } = spawnSync('sqlite3', [file, 'PRAGMA integrity_check'], {
      encoding: 'utf8',
    });
    return { file, answer: `${stdout}${stderr}`.trim() };
  });
  expect(answers.filter(({ answer }) => answer !== 'ok')).toEqual([]);
}
