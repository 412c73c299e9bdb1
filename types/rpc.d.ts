// How a class looks from the other end of a stub.

/// <reference lib="esnext.disposable" />

declare namespace Rpc {
  const __RPC_TARGET_BRAND: '__RPC_TARGET_BRAND';
  const __WORKER_ENTRYPOINT_BRAND: '__WORKER_ENTRYPOINT_BRAND';
  const __DURABLE_OBJECT_BRAND: '__DURABLE_OBJECT_BRAND';
  const __DURABLE_OBJECT_CLASS: '__DURABLE_OBJECT_CLASS';

  interface RpcTargetBranded {
    [__RPC_TARGET_BRAND]: never;
  }
  interface WorkerEntrypointBranded {
    [__WORKER_ENTRYPOINT_BRAND]: never;
  }
  interface DurableObjectBranded {
    [__DURABLE_OBJECT_BRAND]: never;
  }
  type EntrypointBranded = WorkerEntrypointBranded | DurableObjectBranded;

  /** What is passed by reference: the other side gets a stub. */
  type Stubable = RpcTargetBranded | ((...args: any[]) => any);

  /** What is passed as it is. */
  type BaseType =
    | void
    | undefined
    | null
    | boolean
    | number
    | bigint
    | string
    | ArrayBuffer
    | ArrayBufferView
    | Date
    | Error
    | RegExp
    | Blob
    | ReadableStream
    | WritableStream
    | Request
    | Response
    | Headers
    | DurableObjectSnapshot;

  interface StubBase<T extends Stubable> {
    [__STUB_OF]?: T;
    /** Another handle to the same target, released on its own. */
    dup(): this;
    [Symbol.dispose](): void;
  }
  const __STUB_OF: unique symbol;

  type Stub<T extends Stubable> = Provider<T> & StubBase<T>;

  /** Distributing over `any` would never end. */
  type IsAny<T> = 0 extends 1 & T ? true : false;

  /** A value as the receiver gets it: what is passed by reference is replaced by stubs. */
  type Received<T> =
    IsAny<T> extends true
      ? any
      : T extends Stubable
        ? Stub<T>
        : T extends StubBase<any> | BaseType
          ? T
          : T extends Map<infer K, infer V>
            ? Map<Received<K>, Received<V>>
            : T extends Set<infer V>
              ? Set<Received<V>>
              : T extends symbol
                ? never
                : { [K in keyof T]: Received<T[K]> };

  /** A value as the sender may give it: a stub does where its target does. */
  type Sent<T> = T extends Stubable ? T | Stub<T> : T;

  /** A promise of the result on which the result's own methods can be called ahead of its arrival. */
  type Result<T> = IsAny<T> extends true ? Promise<any> : Promise<Received<T>> & Pipelined<T>;
  type Pipelined<T> = T extends Stubable
    ? Provider<T>
    : T extends BaseType | readonly unknown[] | Map<any, any> | Set<any> | symbol
      ? unknown
      : T extends object
        ? Provider<T>
        : unknown;

  type MethodOrProperty<T> = T extends (...args: infer P) => infer R
    ? (...args: { [K in keyof P]: Sent<P[K]> }) => Result<Awaited<R>>
    : Result<Awaited<T>>;

  /** The public methods and properties of T, each behind a promise. */
  type Provider<T, Reserved extends string = never> = (T extends (...args: any[]) => any
    ? MethodOrProperty<T>
    : unknown) & {
    [K in Exclude<keyof T, Reserved | symbol | 'dup'>]: MethodOrProperty<T[K]>;
  };
}
