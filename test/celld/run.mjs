// celld's examples on Holdfast, from a checkout of celld kept outside this repository. See README.md.
//
// usage: node test/celld/run.mjs <folder> [example...]
//   folder   a checkout of denoland/celld
//   example  names of its examples; without any, all that have a conversation
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serveProject } from '../conformance/harness/serve-project.mjs';
import { conversations } from './conversations.mjs';

const [folder, ...chosen] = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : Object.keys(conversations);
const unknown = names.filter((name) => !Object.hasOwn(conversations, name));
if (folder === undefined || unknown.length > 0) {
  if (unknown.length > 0) console.error(`there is no conversation for ${unknown.join(', ')}`);
  console.error('usage: node test/celld/run.mjs <checkout of denoland/celld> [example...]');
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

let failed = 0;
for (const name of names) {
  try {
    await run(name);
    console.log(`passed ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}\n${String(error.stack).replace(/^/gm, '    ')}`);
  }
}
console.log(`celld's examples: ${names.length - failed} of ${names.length} pass`);
process.exitCode = failed > 0 ? 1 : 0;

/** The example is served where it is; its data is elsewhere. @param {string} name */
async function run(name) {
  const workDir = await mkdtemp(path.join(tmpdir(), 'holdfast-celld-'));
  const example = path.resolve(folder, 'examples', name);
  const start = () => serveProject(example, { workDir, dataDir: path.join(workDir, 'data') });
  let server = await start();
  const restart = async () => {
    await server.stop('SIGKILL');
    server = await start();
    return addressOf(server);
  };
  try {
    await conversations[name](addressOf(server), restart);
  } finally {
    await server.stop('SIGKILL');
    await rm(workDir, { recursive: true, force: true });
  }
}

/** @param {{port: number}} server */
function addressOf({ port }) {
  return `http://127.0.0.1:${port}`;
}
