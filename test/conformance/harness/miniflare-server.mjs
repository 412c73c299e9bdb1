// Runs one program in miniflare: node miniflare-server.mjs OPTIONS, a file of JSON. Prints `Ready on port N`.
import { readFile } from 'node:fs/promises';
import { Miniflare, convertV4MiniflareOptions } from 'miniflare';

const options = JSON.parse(await readFile(process.argv[2], 'utf8'));
const miniflare = new Miniflare(
  convertV4MiniflareOptions({ ...options, host: '127.0.0.1', port: 0 }),
);
console.log(`Ready on port ${(await miniflare.ready).port}`);

// miniflare's own plan for signals leaves workerd behind.
process.stdin.resume().on('end', async () => {
  await miniflare.dispose();
  process.exit(0);
});
