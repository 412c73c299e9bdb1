// A data directory that cannot be written: said at the start in one message; found out later, nothing is acknowledged
// any more and the process says so.
'use strict';

const { Disk, refusal } = require('./disks');
const { failedStart, start, unless } = require('./fixture');
const { Ledger, read } = require('./store-client');

const mountRefusal = refusal(() => Disk.small(1).unmount());
const abortRefusal =
  mountRefusal ??
  refusal(() => {
    const disk = Disk.ext4(8);
    disk.abort();
    disk.unmount();
  });

unless(mountRefusal)(
  'a read-only directory: one message, empty or not, and the data is as it was',
  async () => {
    const disk = Disk.small(16);
    const ledger = new Ledger();
    const dataDir = `${disk.directory}/data`;
    disk.makeReadOnly();
    expect(await failedStart(dataDir)).toEqual([
      expect.stringMatching(/data.*Read-only file system/),
    ]);
    disk.makeWritable();
    const first = await start(dataDir);
    expect(await ledger.put(first.url, 'one', 1_000)).toBeUndefined();
    await first.kill();
    disk.makeReadOnly();
    expect(await failedStart(dataDir)).toEqual([
      expect.stringMatching(/data.*Read-only file system/),
    ]);
    disk.makeWritable();
    const second = await start(dataDir);
    await ledger.compare(second.url);
    await second.stop();
    disk.unmount();
  },
);

unless(abortRefusal)(
  'S12.1 a disk that turns read-only: no acknowledgement, and the process says so',
  async () => {
    const disk = Disk.ext4(32);
    const ledger = new Ledger();
    const dataDir = `${disk.directory}/data`;
    const first = await start(dataDir);
    for (const name of ['one', 'two']) {
      expect(await ledger.put(first.url, name, 1_000)).toBeUndefined();
    }
    disk.abort();
    // The write that finds it out, then everything that depends on what may be lost.
    expect(await ledger.put(first.url, 'one', 1_000)).toMatch(
      /^Writing to the data directory failed, the write may be lost: .*Read-only file system$/,
    );
    expect(await ledger.put(first.url, 'two', 1_000)).toMatch(/Read-only file system$/);
    expect(await read(first.url, 'one')).toMatch(/Read-only file system$/);
    expect(first.output.stderr).toMatch(
      /^holdfast: writing to the data directory failed: .*Restart when the disk is well\.$/m,
    );
    expect((await first.stop()).signal).toBeNull();
    disk.mountAgain();
    const second = await start(dataDir);
    await ledger.compareOne(second.url, 'two');
    expect(await read(second.url, 'one')).toMatchObject({ 'key-00001': 1_000 });
    expect((await second.stop()).code).toBe(0);
    disk.unmount();
  },
);
