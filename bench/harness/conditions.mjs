// Where and when the numbers were measured.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import { clientCore, hasTaskset, serverCore } from './servers.mjs';

const require = createRequire(import.meta.url);
const fileSystems = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlayfs'],
]);

/** @param {string} dataDir @returns {Promise<Record<string, string>>} */
export async function conditions(dataDir) {
  const git = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' });
  const { type } = await statfs(dataDir);
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git.status === 0 ? git.stdout.trim() : 'unknown',
    cpu: cpuModel(),
    cores: String(os.cpus().length),
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    kernel: `${os.type()} ${os.release()}`,
    disk: fileSystems.get(type) ?? `file system 0x${type.toString(16)}`,
    node: process.version,
    workerd: require('workerd/package.json').version,
    ws: require('ws/package.json').version,
    pinning: hasTaskset ? `server on core ${serverCore}, client on core ${clientCore}` : 'none',
    'load before': loadNow(),
  };
}

/** @returns {string} the machine's load of the last minute */
export function loadNow() {
  return os.loadavg()[0].toFixed(2);
}

function cpuModel() {
  const match = /^model name\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
  return match ? match[1] : os.arch();
}
