// The module `cloudflare:workers`.

/// <reference path="./globals.d.ts" />

declare module 'cloudflare:workers' {
  /** Extend this to pass an object by reference: its methods run where it lives. */
  export abstract class RpcTarget implements Rpc.RpcTargetBranded {
    [Rpc.__RPC_TARGET_BRAND]: never;
  }

  export type RpcStub<T extends Rpc.Stubable> = Rpc.Stub<T>;
  export const RpcStub: {
    /** Wraps a target or a function as the receiver of a call would see it. */
    new <T extends Rpc.Stubable>(value: T): Rpc.Stub<T>;
  };
  /** For `instanceof` only. */
  export abstract class RpcPromise {}
  /** For `instanceof` only. */
  export abstract class RpcProperty {}
  /** For `instanceof` only. */
  export abstract class ServiceStub {}

  /** Extend this for a Worker with methods that other Workers call. A new instance serves each event. */
  export abstract class WorkerEntrypoint<Env = Cloudflare.Env, Props = {}>
    implements Rpc.WorkerEntrypointBranded
  {
    [Rpc.__WORKER_ENTRYPOINT_BRAND]: never;
    protected ctx: ExecutionContext<Props>;
    protected env: Env;
    constructor(ctx: ExecutionContext, env: Env);
    fetch?(request: Request): Response | Promise<Response>;
    connect?(socket: Socket): void | Promise<void>;
    scheduled?(controller: ScheduledController): void | Promise<void>;
    queue?(batch: MessageBatch<unknown>): void | Promise<void>;
  }

  /** Extend this for a class of durable objects. */
  export abstract class DurableObject<Env = Cloudflare.Env, Props = {}>
    implements Rpc.DurableObjectBranded
  {
    [Rpc.__DURABLE_OBJECT_BRAND]: never;
    protected ctx: DurableObjectState<Props>;
    protected env: Env;
    /** Another name of `ctx`, which Cloudflare's own base class does not have. */
    protected state: DurableObjectState<Props>;
    constructor(ctx: DurableObjectState, env: Env);
    fetch?(request: Request): Response | Promise<Response>;
    connect?(socket: Socket): void | Promise<void>;
    alarm?(alarmInfo?: AlarmInvocationInfo): void | Promise<void>;
    webSocketMessage?(ws: WebSocket, message: string | ArrayBuffer): void | Promise<void>;
    webSocketClose?(
      ws: WebSocket,
      code: number,
      reason: string,
      wasClean: boolean,
    ): void | Promise<void>;
    webSocketError?(ws: WebSocket, error: unknown): void | Promise<void>;
  }

  /** The bindings of this Worker. */
  export const env: Cloudflare.Env;
  /** The same as `ctx.exports`. */
  export const exports: Cloudflare.Exports;
  export const tracing: Tracing;

  /** Names the method that `ctx.restore()` calls, now and whenever what it gave was stored and is used. */
  export const restore: unique symbol;

  /** The `ctx.waitUntil` of the event that is running. */
  export function waitUntil(promise: Promise<unknown>): void;
  /** Runs `fn`, for which `env` is another one. */
  export function withEnv<T>(newEnv: unknown, fn: () => T): T;
}
