// A full disk refuses writes with SQLite's words, keeps what was acknowledged, serves readers, and heals by itself.
'use strict';

const path = require('node:path');
const { health, metrics } = require('../support/metrics');
const { temporaryDirectory } = require('../support/server');
const { Disk, failureOf, refusal, run } = require('./disks');
const { failedStart, start, unless } = require('./fixture');
const { FULL, Ledger, read, writeUntilRefused, writeUntilTaken } = require('./store-client');

/** What is printed, each time: that it is full, and that there is space again. */
const SAID =
  /^(holdfast: the data directory's disk is full: .*\nholdfast: there is space on the data directory's disk again: .*\n)+$/;
const WRITERS = ['one', 'two', 'three', 'four'];
const VALUE_BYTES = 100_000;
/** More than the log reserves at the start, less than with the second reservation. */
const FILE_BYTES_MAX = 5 * 1024 * 1024;

const mountRefusal = refusal(() => Disk.small(1).unmount());
const limitRefusal = failureOf(['prlimit', '--version']);

/**
 * The disk is full from now on: writes are refused and nothing else is.
 * @param {string} url
 * @param {Ledger} ledger
 * @returns {Promise<{settled: Promise<void>}>} settled: what waits for space has its answer
 */
async function checkFull(url, ledger) {
  const { why, refused, settled } = await writeUntilRefused(url, ledger, WRITERS, VALUE_BYTES);
  expect(why).toBe(FULL);
  expect(await ledger.put(url, 'reader', VALUE_BYTES)).toBe(FULL);
  await ledger.compareOne(url, 'reader');
  await ledger.compareOne(url, refused);
  expect(await read(url, 'never-written')).toEqual({});
  return { settled };
}

unless(mountRefusal)(
  'S4.10.4 no space left: refused, readable, and healed when space is back',
  async () => {
    // Twice what the log takes in advance, and as much for the files: what is freed must suffice to go on.
    const disk = Disk.small(48);
    const ledger = new Ledger();
    const admin = path.join(temporaryDirectory('admin'), 'socket');
    const first = await start(`${disk.directory}/data`, ['--admin-socket', admin]);
    expect(await ledger.put(first.url, 'reader', 1_000)).toBeUndefined();
    for (let round = 0; round < 2; round += 1) {
      disk.fill();
      const { settled } = await checkFull(first.url, ledger);
      expect(await health(admin)).toEqual({
        status: 503,
        body: 'The disk of the data directory is full: writes are refused until there is space.\n',
      });
      expect((await metrics(admin))('holdfast_disk_full')).toBe(1);
      disk.free();
      await writeUntilTaken(first.url, ledger, 'reader');
      expect(await health(admin)).toEqual({ status: 200, body: 'ok\n' });
      await settled;
      await ledger.compare(first.url);
    }
    expect(first.output.stderr).toMatch(SAID);
    expect((await first.stop()).code).toBe(0);
    const second = await start(`${disk.directory}/data`);
    await ledger.compare(second.url);
    expect((await second.stop()).code).toBe(0);
    disk.unmount();
  },
);

unless(mountRefusal)(
  'S4.10.4 a disk too small for the log: refused, and healed by what the log gives back',
  async () => {
    // Less than a segment of the log, and much more than the one object that is written over and over.
    const disk = Disk.small(14);
    const ledger = new Ledger();
    const first = await start(`${disk.directory}/data`);
    expect(await ledger.put(first.url, 'reader', 1_000)).toBeUndefined();
    for (let round = 0; round < 2; round += 1) {
      let why;
      for (let bytes = VALUE_BYTES; why === undefined; bytes = VALUE_BYTES + ((bytes + 1) % 26))
        why = await ledger.put(first.url, 'writer', bytes, 'same');
      expect(why).toBe(FULL);
      await ledger.compare(first.url);
      await writeUntilTaken(first.url, ledger, 'reader');
    }
    await ledger.compare(first.url);
    expect(first.output.stderr).toMatch(SAID);
    await first.kill();
    const second = await start(`${disk.directory}/data`);
    await ledger.compare(second.url);
    expect((await second.stop()).code).toBe(0);
    disk.unmount();
  },
);

unless(mountRefusal).each(['kill', 'stop'])(
  'S12.1 after %s on a full disk nothing acknowledged is missing',
  async (/** @type {'kill' | 'stop'} */ end) => {
    const disk = Disk.small(16);
    const ledger = new Ledger();
    const dataDir = `${disk.directory}/data`;
    const first = await start(dataDir);
    expect(await ledger.put(first.url, 'reader', 1_000)).toBeUndefined();
    disk.fill();
    const { settled } = await checkFull(first.url, ledger);
    const answered = settled.catch(() => {}); // what waits for space loses its connection
    await first[end]();
    await answered;
    // A start needs space for its log. It says so, and changes nothing.
    expect(await failedStart(dataDir)).toEqual([expect.stringMatching(/No space left on device/)]);
    disk.free();
    const second = await start(dataDir);
    await ledger.compare(second.url);
    expect((await second.stop()).code).toBe(0);
    disk.unmount();
  },
);

unless(limitRefusal)('S4.10.4 a limit of the file size is a full disk, too', async () => {
  const ledger = new Ledger();
  const server = await start(temporaryDirectory('limit'));
  const limit = (/** @type {string} */ soft) =>
    run(['prlimit', '--pid', String(server.pid), `--fsize=${soft}:`]);
  expect(await ledger.put(server.url, 'reader', 1_000)).toBeUndefined();
  limit(String(FILE_BYTES_MAX));
  const { settled } = await checkFull(server.url, ledger);
  limit('unlimited');
  await writeUntilTaken(server.url, ledger, 'reader');
  await settled;
  await ledger.compare(server.url);
  expect(server.output.stderr).toMatch(SAID);
  expect((await server.stop()).code).toBe(0);
});
