// Runs the cases of one test service on one runtime.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const caseTimeoutMs = 20_000;

/**
 * @typedef {{error?: string, assertions: number}} CaseOutcome
 *
 * @param {import('./wd-test.mjs').TestService} service
 * @param {(service: any, workDir: string) => Promise<{port: number, stop(): Promise<unknown>}>} start
 * @returns {Promise<Map<string, CaseOutcome>>} by name of the case
 */
export async function runService(service, start) {
  const workDir = await mkdtemp(path.join(tmpdir(), 'holdfast-workerd-'));
  try {
    const server = await start(service, workDir);
    try {
      return await runCases(`http://127.0.0.1:${server.port}/.cases`);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function runCases(url) {
  const outcomes = new Map();
  const { names } = await getJson(url);
  for (const name of names) outcomes.set(name, await runCase(url, name));
  return outcomes;
}

/** A case that does not answer has the assertions that passed until it was given up. */
async function runCase(url, name) {
  const { assertions } = await getJson(url);
  try {
    return await getJson(`${url}/${encodeURIComponent(name)}`);
  } catch (error) {
    const after = await getJson(url).catch(() => ({ assertions }));
    return { error: error.message, assertions: after.assertions - assertions };
  }
}

async function getJson(url) {
  const signal = AbortSignal.timeout(caseTimeoutMs);
  const response = await fetch(url, { signal, headers: { connection: 'close' } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}
