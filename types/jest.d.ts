// `"types": ["holdfast", "holdfast/jest"]`: what tests under the preset `holdfast/jest` have besides Jest's own.

/// <reference path="./cloudflare-test.d.ts" />

declare global {
  /** For `ctx` of a handler. */
  // eslint-disable-next-line no-var
  var ExecutionContext: { new (): ExecutionContext };

  // The globals of jest-environment-miniflare.
  function getMiniflareBindings<Bindings = Cloudflare.Env>(): Bindings;
  function getMiniflareDurableObjectStorage(id: DurableObjectId): Promise<DurableObjectStorage>;
  function getMiniflareDurableObjectState(id: DurableObjectId): Promise<DurableObjectState>;
  function getMiniflareDurableObjectInstance<T = any>(id: DurableObjectId): Promise<T>;
  function runWithMiniflareDurableObjectGates<T>(
    state: DurableObjectState,
    closure: () => T | Promise<T>,
  ): Promise<T>;
  function getMiniflareFetchMock(): HoldfastTesting.FetchMock;
  function getMiniflareWaitUntil<T extends any[] = any[]>(context: object): Promise<T>;
  function getMiniflareDurableObjectIds(namespaceName: string): Promise<string[]>;
  function flushMiniflareDurableObjectAlarms(ids?: DurableObjectId[]): Promise<void>;

  namespace jest {
    // As @types/jest declares it.
    interface Matchers<R, T = {}> extends HoldfastTesting.Matchers<R> {}
  }
}

declare const preset: object;
export default preset;
