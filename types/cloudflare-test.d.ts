// The module `cloudflare:test`, for tests under `holdfast/jest` and `holdfast/vitest`.

/// <reference path="./testing-helpers.d.ts" />

declare module 'cloudflare:test' {
  type Helpers = HoldfastTesting.Helpers;

  export type QueueResult = HoldfastTesting.QueueResult;
  export type D1Migration = HoldfastTesting.D1Migration;
  export type EmailResult = HoldfastTesting.EmailResult;
  export type SentEmail = HoldfastTesting.SentEmail;
  export type SocketClient = HoldfastTesting.SocketClient;

  export const env: Cloudflare.Env;
  export const SELF: Fetcher;
  export const faults: HoldfastTesting.Faults;
  export const restart: Helpers['restart'];
  export const fetchMock: HoldfastTesting.FetchMock;
  export const runInDurableObject: Helpers['runInDurableObject'];
  export const runDurableObjectAlarm: Helpers['runDurableObjectAlarm'];
  export const listDurableObjectIds: Helpers['listDurableObjectIds'];
  export const evictDurableObject: Helpers['evictDurableObject'];
  export const evictAllDurableObjects: Helpers['evictAllDurableObjects'];
  export const hibernateDurableObject: Helpers['hibernateDurableObject'];
  export const abortAllDurableObjects: Helpers['abortAllDurableObjects'];
  export const reset: Helpers['reset'];
  export const createExecutionContext: Helpers['createExecutionContext'];
  export const waitOnExecutionContext: Helpers['waitOnExecutionContext'];
  export const createScheduledController: Helpers['createScheduledController'];
  export const createMessageBatch: Helpers['createMessageBatch'];
  export const getQueueResult: Helpers['getQueueResult'];
  export const createPagesEventContext: Helpers['createPagesEventContext'];
  export const adminSecretsStore: Helpers['adminSecretsStore'];
  export const applyD1Migrations: Helpers['applyD1Migrations'];
  export const readD1Migrations: Helpers['readD1Migrations'];
  export const receiveEmail: Helpers['receiveEmail'];
  export const sentEmails: Helpers['sentEmails'];
  export const connectWebSocket: Helpers['connectWebSocket'];
  export const advance: Helpers['advance'];
}
