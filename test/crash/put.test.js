// SIGKILL in the middle of writes loses no acknowledged put (S2.6, S12.1, S12.2) and no acknowledged alarm (S12.7).
//
// Each round: start on the data directory of the round before, compare every object with the ledger, write until a
// seeded number of acknowledgements came, kill. HOLDFAST_SEED repeats a run's numbers; what the operating system
// does between them is not repeatable, so a failure names the round and what was found.
'use strict';

const { startServer, temporaryDirectory } = require('../support/server');
const { Unanswered, Writer } = require('./client');
const { randomFrom, seed } = require('../support/random');

const ROUNDS = Number(process.env.HOLDFAST_KILLS ?? 50);
const MS_PER_ROUND_MAX = 5_000;
const ACKNOWLEDGED_MAX = 200;
const PROJECT = 'test/crash/project';
const FAR_AHEAD_MS = 24 * 3600 * 1000;

/** @type {import('../support/server').Server | undefined} */
let server;
// One that a failed comparison left behind.
afterEach(() => server?.kill());

describe(`SIGKILL (HOLDFAST_SEED=${seed})`, () => {
  test(
    `S12.1, S12.2 ${ROUNDS} kills in the middle of writes lose no acknowledged put and no alarm`,
    async () => {
      const random = randomFrom(seed || 1);
      const args = ['--data-dir', temporaryDirectory('crash')];
      const writers = ['one', 'two', 'three', 'four'].map((name) => new Writer(name));
      let killed = 0;

      for (let round = 0; round <= ROUNDS; round += 1) {
        server = await startServer({ project: PROJECT, args });
        await compare(server.url, writers, `seed ${seed}, before round ${round}`);
        if (round === ROUNDS) {
          expect((await server.stop()).code).toBe(0);
          break;
        }
        const before = acknowledgedBy(writers);
        await writeUntilKilled(server, writers, 1 + random(ACKNOWLEDGED_MAX), random);
        if (acknowledgedBy(writers) > before) killed += 1;
      }
      for (const writer of writers) writer.close();
      expect(killed).toBe(ROUNDS);
    },
    30_000 + ROUNDS * MS_PER_ROUND_MAX,
  );

  test('S5.6.4, S1.2.4 an alarm acknowledged before the kill fires after the start, under its name', async () => {
    const args = ['--data-dir', temporaryDirectory('crash')];
    const writer = new Writer('sleeper');
    const first = (server = await startServer({ project: PROJECT, args }));
    const at = Date.now() + 1_000;
    await writer.setAlarm(first.url, at);
    await first.kill();
    expect(first.output.stdout).not.toMatch(/alarm of/);
    const second = (server = await startServer({ project: PROJECT, args }));
    await second.waitForOutput(/ alarm of sleeper$/m);
    expect(Date.now()).toBeGreaterThanOrEqual(at);
    expect((await second.stop()).code).toBe(0);
    writer.close();
  });
});

/** @param {Writer[]} writers */
const acknowledgedBy = (writers) => writers.reduce((sum, writer) => sum + writer.acknowledged, 0);

/** @param {string} url @param {Writer[]} writers @param {string} where */
async function compare(url, writers, where) {
  for (const writer of writers) {
    const found = await writer.read(url);
    const context = { where, object: writer.name, sent: writer.sent, found };
    const lost = found.value < writer.acknowledged;
    const invented = found.value > writer.sent;
    expect({ ...context, acknowledged: writer.acknowledged, lost, invented }).toMatchObject({
      lost: false,
      invented: false,
    });
    // Both writes of a turn, or neither.
    expect({ ...context, highest: found.highest }).toMatchObject({ highest: found.value });
    if (writer.alarm !== undefined) {
      expect({ ...context, alarm: found.alarm }).toMatchObject({ alarm: writer.alarm });
    }
    writer.sent = found.value; // a number not acknowledged and not found is sent again
    writer.acknowledged = found.value;
  }
}

/**
 * @param {import('../support/server').Server} server
 * @param {Writer[]} writers
 * @param {number} acknowledgements
 * @param {(below: number) => number} random
 */
async function writeUntilKilled(server, writers, acknowledgements, random) {
  let left = acknowledgements;
  /** @type {Promise<unknown> | undefined} */
  let dead;
  const alarmed = writers[random(writers.length)];
  await alarmed.setAlarm(server.url, Date.now() + FAR_AHEAD_MS + random(1_000_000));
  await Promise.all(
    writers.map(async (writer) => {
      while (dead === undefined) {
        try {
          await writer.put(server.url);
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
