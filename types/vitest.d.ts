// `holdfast/vitest`: for the configuration file of Vitest. The tests themselves import `cloudflare:test` and `cloudflare:workers`:
// `"types": ["holdfast", "holdfast/vitest"]`.

/// <reference path="./cloudflare-test.d.ts" />

import type { Plugin } from 'vite';

/** Options as @cloudflare/vitest-plugin has them (docs/unit-testing-vitest.md). */
export interface CloudflareTestOptions {
  /** Entry file, where no configuration names it. */
  main?: string;
  wrangler?: { configPath?: string; environment?: string };
  /** Options of Miniflare; `workers` are more Workers beside the tested one. Functions are called in Vitest's main process. */
  miniflare?: Record<string, unknown>;
  /** Whether each test, and each `describe`, starts from the storage it found. By default not: each file has storage of its own. */
  isolatedStorage?: boolean;
  /** What happens when a test leaves something under way. */
  pending?: 'warn' | 'error' | 'ignore';
  /** Accepted; the exports are seen as they are. */
  additionalExports?: Record<string, string>;
  remoteBindings?: boolean;
  singleWorker?: boolean;
}

/** The Vite plugin. */
export function cloudflareTest(options?: CloudflareTestOptions): Plugin[];

type Config = { test?: Record<string, any>; plugins?: any[]; [key: string]: any };
type Given = Config | Promise<Config> | ((env: any) => Config | Promise<Config>);

/** As @cloudflare/vitest-pool-workers/config had it: options at `test.poolOptions.workers`, and storage is isolated for each test. */
export function defineWorkersConfig(config: Given): any;
export const defineWorkersProject: typeof defineWorkersConfig;

/** For applyD1Migrations() of `cloudflare:test`. @param path a directory of .sql files */
export function readD1Migrations(path: string): Promise<HoldfastTesting.D1Migration[]>;
