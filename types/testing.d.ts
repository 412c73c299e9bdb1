// `holdfast/test`: tests of Workers and objects under any test runner.

/// <reference path="./testing-helpers.d.ts" />

import type {
  DurableObjectConstructor,
  EmailResult,
  EnvOf,
  IncomingEmail,
  Listening,
  ListenOptions,
  RuntimeOptions,
} from 'holdfast';

export interface TestKitOptions<
  Classes extends Record<string, DurableObjectConstructor> = Record<
    string,
    DurableObjectConstructor
  >,
> extends Omit<RuntimeOptions<Classes>, 'dataDir'> {
  /** Whether `leave()` undoes what was written since `enter()`. Default: true. */
  isolatedStorage?: boolean;
  /** What `leave()` does when something is still under way. Default: `warn`. */
  pending?: 'warn' | 'error' | 'ignore';
}

/** The time that a kit has. Real time goes by itself; while it is fake, `advance()` moves it, and `Date` of the process tells it. */
export interface TestClock {
  readonly isFake: boolean;
  /** Time stands still from now on. */
  fake(options?: { now?: number | Date }): void;
  real(): void;
  /** Milliseconds of the epoch. */
  now(): number;
  /** The time of day jumps; timers stay as far away as they were. */
  set(time: number | Date): Promise<void>;
  /** As `advance()` of the kit, and only while it is fake. */
  advance(time: number | string): Promise<void>;
  /** When the next thing is due, in milliseconds of the epoch; `null`: nothing waits for time. */
  nextDue(): number | null;
}

export interface TestKit<Env = Record<string, any>> extends HoldfastTesting.Helpers<Env> {
  /** For `expect.extend()` of Jest and Vitest. */
  readonly matchers: Record<string, (...args: any[]) => Promise<any>>;
  /** The clock that `advance()` moves. */
  readonly clock: TestClock;
  /** What is written from here on is undone by `leave()`. For `beforeEach`, and before a group of tests. */
  enter(): Promise<void>;
  /** @param test its name, for what is told of what it left under way */
  leave(test?: string): Promise<void>;
  /** Serves the Worker on a real port; without an address on a free one. */
  listen(address?: ListenOptions): Promise<Listening>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A runtime in memory, with the helpers of `cloudflare:test`. Without options: that of the configuration in the current directory. */
export function createTestKit<Classes extends Record<string, DurableObjectConstructor>>(
  options: TestKitOptions<Classes> & { durableObjects: Classes },
): Promise<TestKit<EnvOf<Classes>>>;
export function createTestKit<Env = Record<string, any>>(
  options?: TestKitOptions,
): Promise<TestKit<Env>>;

export function readD1Migrations(directory: string): Promise<HoldfastTesting.D1Migration[]>;
export const connectWebSocket: HoldfastTesting.Helpers['connectWebSocket'];

export type TestHarnessWorker =
  | {
      configPath: string | URL;
      env?: string;
      vars?: Record<string, unknown>;
      secrets?: Record<string, string>;
      /** Names of Workers of this harness, by the name of a service binding. */
      bindingOverrides?: Record<string, string>;
    }
  | { config: Record<string, unknown> };

export interface TestHarnessOptions {
  /** What relative paths start from. Default: the current directory. */
  root?: string;
  /** The first takes the requests that no route matches. */
  workers: TestHarnessWorker[];
}

export interface WorkerHandle<Env = Record<string, any>> {
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  scheduled(options?: {
    cron?: string;
    scheduledTime?: Date | number;
  }): Promise<{ outcome: string; noRetry: boolean }>;
  /** Calls the `email` handler. */
  email(message: IncomingEmail): Promise<EmailResult>;
  getEnv(): Promise<Env>;
  /** The default export, with its methods. */
  getExport(): Promise<any>;
  /** @param name of a class or a binding */
  listDurableObjectIds(name: string): Promise<string[]>;
  evictDurableObject(
    name: string,
    options: ({ name: string } | { id: string }) & HoldfastTesting.EvictionOptions,
  ): Promise<void>;
  getDurableObjectStorage(
    name: string,
    options: { name: string } | { id: string },
  ): Promise<{
    exec<Row = Record<string, unknown>>(query: string, ...bindings: unknown[]): Promise<Row[]>;
  }>;
  applyD1Migrations(bindingName: string): Promise<void>;
}

/** In the shape of wrangler's. */
export interface TestHarness {
  listen(): Promise<{ url: URL }>;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  getWorker<Env = Record<string, any>>(name?: string): WorkerHandle<Env>;
  getLogs(): { timestamp: number; level: string; message: string }[];
  clearLogs(): void;
  /** Prints what happened so far. */
  debug(): void;
  update(
    options: TestHarnessOptions | ((options: TestHarnessOptions) => TestHarnessOptions),
  ): Promise<void>;
  /** Empty storage, and the options of `listen()`. */
  reset(): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createTestHarness(options?: TestHarnessOptions): TestHarness;
