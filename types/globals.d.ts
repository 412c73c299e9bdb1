// The globals of a Workers program, as far as TypeScript's own libraries lack them.
//
// Use with `"lib": ["es2024", "webworker"]` (or "dom"): Request, Response, WebSocket and the like come from there and
// are extended here. Names and shapes are those of @cloudflare/workers-types, so a project may use either.

/// <reference path="./rpc.d.ts" />
/// <reference path="./storage.d.ts" />
/// <reference path="./websocket.d.ts" />
/// <reference path="./handlers.d.ts" />
/// <reference path="./web.d.ts" />
/// <reference path="./cloudflare-modules.d.ts" />

/** What a project adds its own bindings and exports to, for `import { env, exports } from 'cloudflare:workers'`. */
declare namespace Cloudflare {
  interface Env {}
  interface GlobalProps {}
  /** The loopback bindings of the main module's own exports. */
  type Exports = Record<string, any>;
}

/** The identity of an object: 256 bits, shown as 64 hexadecimal digits. */
interface DurableObjectId {
  toString(): string;
  /** Whether both name the same object; names and namespaces do not matter, only the bytes. */
  equals(other: DurableObjectId): boolean;
  /** What the id was made from, when it was made from a name. */
  readonly name?: string;
  readonly jurisdiction?: string;
}

type DurableObjectJurisdiction = 'eu' | 'fedramp' | 'fedramp-high' | 'us';

type DurableObjectLocationHint =
  'wnam' | 'enam' | 'sam' | 'weur' | 'eeur' | 'apac' | 'apac-ne' | 'apac-se' | 'oc' | 'afr' | 'me';

interface DurableObjectNamespaceNewUniqueIdOptions {
  jurisdiction?: DurableObjectJurisdiction;
}

interface DurableObjectNamespaceGetDurableObjectOptions {
  /** Accepted and without effect: there is one place. */
  locationHint?: DurableObjectLocationHint;
}

/** All objects of one class. */
declare abstract class DurableObjectNamespace<
  T extends Rpc.DurableObjectBranded | undefined = undefined,
> {
  newUniqueId(options?: DurableObjectNamespaceNewUniqueIdOptions): DurableObjectId;
  idFromName(name: string): DurableObjectId;
  /** @throws TypeError for anything but an id of this namespace in hexadecimal digits. */
  idFromString(id: string): DurableObjectId;
  get(
    id: DurableObjectId,
    options?: DurableObjectNamespaceGetDurableObjectOptions,
  ): DurableObjectStub<T>;
  getByName(
    name: string,
    options?: DurableObjectNamespaceGetDurableObjectOptions,
  ): DurableObjectStub<T>;
  /** The same class, in objects that belong to a jurisdiction. */
  jurisdiction(jurisdiction: DurableObjectJurisdiction): DurableObjectNamespace<T>;
}

/** Calls the public methods of one object; calls of one stub arrive in their order. */
type DurableObjectStub<T extends Rpc.DurableObjectBranded | undefined = undefined> = Fetcher<
  T,
  'alarm' | 'connect' | 'webSocketMessage' | 'webSocketClose' | 'webSocketError'
> & {
  readonly id: DurableObjectId;
  readonly name?: string;
};

/** Something that answers requests: a stub of an object or a service. */
type Fetcher<
  T extends Rpc.EntrypointBranded | undefined = undefined,
  Reserved extends string = never,
> = (T extends Rpc.EntrypointBranded
  ? Rpc.Provider<T, Reserved | 'fetch' | 'connect'>
  : unknown) & {
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** A connection to its `connect()` handler, inside the process; the address is what the handler sees as `localAddress`. */
  connect(address: SocketAddress | string, options?: SocketOptions): Socket;
};

/** A class of objects, with the props that its instances see: what `ctx.exports.<Class>` is and what calling it gives. */
interface DurableObjectClass<T extends Rpc.DurableObjectBranded | undefined = undefined> {
  readonly [Rpc.__DURABLE_OBJECT_CLASS]?: T;
}

/** `ctx.exports.<Class>` of a class without a namespace. */
type LoopbackDurableObjectClass<T extends Rpc.DurableObjectBranded | undefined = undefined> =
  DurableObjectClass<T> & ((options: { props?: any }) => DurableObjectClass<T>);

/** `ctx.exports.<Class>` of a class with a namespace. */
type LoopbackDurableObjectNamespace<T extends Rpc.DurableObjectBranded | undefined = undefined> =
  DurableObjectNamespace<T> &
    DurableObjectClass<T> &
    ((options: { props?: any }) => DurableObjectClass<T>);

interface FacetStartupOptions<T extends Rpc.DurableObjectBranded | undefined = undefined> {
  class: DurableObjectClass<T>;
  /** What the facet sees as `ctx.id`; by default its parent's. */
  id?: DurableObjectId | string;
}

/** Children of an object, each with a class and a database of its own. */
interface DurableObjectFacets {
  /** `getStartupOptions` is called when the facet does not run at the first call of the stub. */
  get<T extends Rpc.DurableObjectBranded | undefined = undefined>(
    name: string,
    getStartupOptions: () => FacetStartupOptions<T> | Promise<FacetStartupOptions<T>>,
  ): Fetcher<T>;
  /** Resets a facet that runs; its data stays. Its stubs reject with `reason` from now on. */
  abort(name: string, reason: any): void;
  /** Aborts the facet `to` and replaces its data by a copy of that of `from`, with all facets below it. */
  clone(from: string, to: string): void;
  /** Aborts the facet and removes its data, and that of all facets below it. */
  delete(name: string): void;
}

interface DurableObjectAbortOptions {
  retryAlarm?: boolean;
}

/** What an object has of its own: `ctx`. */
interface DurableObjectState<Props = unknown> {
  readonly id: DurableObjectId;
  readonly storage: DurableObjectStorage;
  readonly exports: Cloudflare.Exports;
  readonly props: Props;
  readonly facets: DurableObjectFacets;
  waitUntil(promise: Promise<any>): void;
  /** Nothing else reaches the object until the callback has settled; when it rejects, the object is reset. */
  blockConcurrencyWhile<T>(callback: () => Promise<T>): Promise<T>;
  /** Takes a socket over into hibernation: its events go to `webSocketMessage` and its like. */
  acceptWebSocket(ws: WebSocket, tags?: string[]): void;
  getWebSockets(tag?: string): WebSocket[];
  getTags(ws: WebSocket): string[];
  setWebSocketAutoResponse(maybeReqResp?: WebSocketRequestResponsePair): void;
  getWebSocketAutoResponse(): WebSocketRequestResponsePair | null;
  getWebSocketAutoResponseTimestamp(ws: WebSocket): Date | null;
  setHibernatableWebSocketEventTimeout(timeoutMs?: number): void;
  getHibernatableWebSocketEventTimeout(): number | null;
  /**
   * Calls the object's `[restore]()` method, and gives what that gave as a stub that objects can store. There is none without the
   * compatibility flag `allow_irrevocable_stub_storage`.
   */
  restore<T = any>(params: object): Promise<T>;
  /** At its next start this object is what the snapshot is of, but for the alarm. Resolves with the bookmark of now. */
  onNextSessionRestore(snapshot: DurableObjectSnapshot): Promise<string>;
  /** Resets the object: whoever waits for it gets an error with this reason. */
  abort(reason?: string, options?: DurableObjectAbortOptions): void;
}

interface AlarmInvocationInfo {
  readonly isRetry: boolean;
  readonly retryCount: number;
  /** Milliseconds since 1970. */
  readonly scheduledTime: number;
}

/** What a class of objects may implement. */
interface DurableObject {
  fetch?(request: Request): Response | Promise<Response>;
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

/** `scheduler.wait` is a timer that can be awaited. */
interface Scheduler {
  wait(delayMs: number, options?: { signal?: AbortSignal }): Promise<void>;
}
