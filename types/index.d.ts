// The library: runs a Workers project, or classes of this very process, inside Node.

/// <reference lib="esnext.disposable" />
/// <reference path="./cloudflare-workers.d.ts" />

export { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';

/** A class of durable objects, however it spells its parameters. */
export type DurableObjectConstructor = new (ctx: any, env: any) => Rpc.DurableObjectBranded;

/** The bindings which `createRuntime` makes for classes given as `durableObjects`. */
export type EnvOf<Classes extends Record<string, DurableObjectConstructor>> = {
  [Name in keyof Classes]: DurableObjectNamespace<InstanceType<Classes[Name]>>;
};

export interface RuntimeOptions<
  Classes extends Record<string, DurableObjectConstructor> = Record<
    string,
    DurableObjectConstructor
  >,
> {
  /**
   * A wrangler.toml, wrangler.json or wrangler.jsonc, or the directory of one. Several run several Workers, which reach each other
   * by `services` and `script_name`; the first takes the requests.
   */
  config?: string | readonly string[];
  /** The entry file of a Worker without a configuration file. */
  main?: string;
  /** Classes of this process, by the name of their binding. */
  durableObjects?: Classes;
  /** Where objects are stored. Without it they are kept in memory and are gone with the runtime. */
  dataDir?: string;
  /** Which `env.<name>` of the configuration to use. */
  env?: string;
  /** More variables; they win over those of the configuration. */
  vars?: Record<string, unknown>;
  /**
   * Implementations of your own, put on `env` as they are under these names. They take the place of what the
   * configuration binds there, so that kinds of bindings which Holdfast does not have can be brought along.
   */
  bindings?: Record<string, unknown>;
  /** Whether migrations may delete what is stored. Without it, such a migration is an error where there is something. */
  deleteClasses?: boolean;
  /**
   * Whether the list of migrations replaces the one that was applied to the stored data, after several were made one. Classes
   * that are there keep their data.
   */
  adoptMigrations?: boolean;
  /** How long an object may be idle before its instance is dropped, in milliseconds. Default: 10,000. */
  idleEvictionMs?: number;
  /**
   * When a write counts as done, so that what depends on it may leave: when it is flushed to disk (`flush`, the
   * default), or when the operating system has it (`system`: survives the process, not a power failure).
   */
  durability?: 'flush' | 'system';
  /**
   * For how long earlier states of objects can be restored, in milliseconds (`ctx.storage.getBookmarkForTime()`,
   * `onNextSessionRestoreBookmark()`). Needs `dataDir`. Default: 0, not at all.
   */
  retentionMs?: number;
  /** Threads for connections. */
  ioThreads?: number;
  /**
   * How many proxies in front of the server are believed: their X-Forwarded-Proto and X-Forwarded-Host make `request.url`, and
   * the address that the outermost of them saw is `cf-connecting-ip`. Default: 0, these headers are passed on and mean nothing.
   */
  trustedProxies?: number;
  /**
   * For development: an exception of the Worker is the body of its response, as HTML for a browser and as text for all else, and each
   * request has a line on standard error. Default: false, and always on with `holdfast dev`.
   */
  development?: boolean;
  /**
   * Whether WebSocket messages are compressed (permessage-deflate) when the peer offers it: less network for more processor
   * time. Each message is compressed by itself, so that an idle socket holds no compressor. Default: false.
   */
  compression?: boolean;
  /** How many events may wait for one object, see docs/limits.md. */
  mailboxEventsMax?: number;
  /** How many bytes of messages may wait for one object, see docs/limits.md. */
  mailboxBytesMax?: number;
  /** Where mail of Workers leaves. Without it sending rejects; in development messages become files. */
  mail?: MailOptions;
  /** Serves `/health` and `/metrics` (Prometheus text), apart from the Worker's port. Default: not at all. */
  admin?: AdminOptions;
  /** How much of what there may be; each name is explained in docs/limits.md. */
  limits?: Partial<Record<LimitName, number>>;
}

/** A function that takes over what leaves, or an SMTP server. */
export type MailOptions =
  | {
      /** What it throws or rejects with is what the Worker's call rejects with. */
      deliver(message: OutgoingEmail): unknown;
    }
  | {
      /** `smtp://user:password@host:587`, or `smtps://…` */
      smtp: string;
    };

/** A message that leaves. */
export interface OutgoingEmail {
  /** `send` of a binding, or `forward` and `reply` of an `email` handler. */
  kind: 'send' | 'forward' | 'reply';
  /** The name of the Worker. */
  worker: string;
  /** The binding, of `send`. */
  binding?: string;
  /** Of the envelope, without a name. */
  from: string;
  /** Of the envelope: those of `bcc` are only here. */
  to: string[];
  /** The message as it travels. */
  raw: Uint8Array;
  messageId: string;
}

/** A message that came. */
export interface IncomingEmail {
  /** Of the envelope (`MAIL FROM`). */
  from: string;
  /** Of the envelope (`RCPT TO`). */
  to: string;
  /** The message as it travelled, with a `Message-ID`, up to 25 MiB. */
  raw: string | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array>;
}

/** What an `email` handler did with a message. */
export interface EmailResult {
  /** `exception`: it threw, or there is none. */
  outcome: 'ok' | 'exception';
  /** Of `setReject()`. */
  rejectReason?: string;
  forwards: { recipient: string; headers: [string, string][]; messageId: string }[];
  replies: { messageId: string; sender: string; raw: string }[];
  /** All of that in order; the first is `received`, or, without a handler, `unhandled`. */
  events: { type: string; timestamp: string; messageId?: string }[];
}

/** Where health and metrics are served: a port, or the path of a Unix-domain socket. See docs/admin.md. */
export type AdminOptions =
  | {
      /** 0 picks a free one. */
      port: number;
      /** Default: 127.0.0.1. */
      host?: string;
    }
  | { path: string };

/** Limits of the server and of the storage. */
export type LimitName =
  | 'connectionsMax'
  | 'connectionsPerAddressMax'
  | 'headerBytesMax'
  | 'headerFieldsMax'
  | 'pipelinedRequestsMax'
  | 'bodyBytesMax'
  | 'bodyWindowBytes'
  | 'inlineBodyBytesMax'
  | 'responseQueueBytesMax'
  | 'headerTimeoutMs'
  | 'bodyIdleTimeoutMs'
  | 'bodyBytesPerSecondMin'
  | 'writeBytesPerSecondMin'
  | 'rateGraceMs'
  | 'keepAliveTimeoutMs'
  | 'writeIdleTimeoutMs'
  | 'tlsHandshakeTimeoutMs'
  | 'lingerTimeoutMs'
  | 'drainTimeoutMs'
  | 'socketMessageBytesMax'
  | 'socketInboundBytesMax'
  | 'socketOutboundBytesMax'
  | 'socketPingIntervalMs'
  | 'closeHandshakeTimeoutMs'
  | 'cachePagesPerObject'
  | 'openFilesMax'
  | 'segmentBytes'
  | 'logReserveBytes'
  | 'logBytesMax'
  | 'overlayBytesMax'
  | 'commitQueueBytesMax'
  | 'transactionBytesMax'
  | 'openDatabasesMax'
  | 'restAfterMs';

/** In place of those given to `createRuntime`. */
export type ReloadOptions = Pick<RuntimeOptions, 'config' | 'main' | 'env' | 'vars'>;

export interface ListenOptions {
  /** 0 picks a free one. Default: 8787. */
  port?: number;
  /** Default: 127.0.0.1. */
  host?: string;
  /** Of a Unix-domain socket, instead of port and host. A file that a dead server left is replaced. */
  path?: string;
  /** SO_REUSEPORT: other processes may listen at the same address. Not together with `tls`. */
  reusePort?: boolean;
  /** Serves https. The files (PEM) are read again when they change; open connections keep their certificate. */
  tls?: { certFile: string; keyFile: string };
}

export interface Listening {
  /** Where to reach it, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly host: string;
  /** When it listens at a path; `url` is then `unix:PATH`. */
  readonly path?: string;
}

/** An `IncomingMessage` of `node:http`; spelled out, so that these types do not need those of Node. */
export interface NodeRequest {
  readonly method?: string;
  readonly url?: string;
  readonly rawHeaders: string[];
}

/** A `ServerResponse` of `node:http`. */
export interface NodeResponse {
  readonly headersSent: boolean;
  writeHead(status: number, ...rest: any[]): unknown;
  end(...rest: any[]): unknown;
}

/** The socket of an upgrade: a `net.Socket`, a `tls.TLSSocket`, or any other `Duplex`. */
export interface NodeSocket {
  readonly writable: boolean;
  destroy(error?: Error): unknown;
}

/** One Worker with its objects. */
export interface Runtime<Env = Record<string, any>> {
  /** The bindings, as the Worker sees them. */
  readonly env: Env;
  /** Where health and metrics are served; undefined unless they were asked for. */
  readonly admin: Listening | { readonly path: string } | undefined;
  /** Calls the Worker's fetch handler, without a network. A runtime of `durableObjects` has none and rejects. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /**
   * Calls the Worker's email handler with a message that came. Rejects with what the handler throws, and with an error named
   * `MailRefused` when it is no message that a handler can get.
   */
  email(message: IncomingEmail): Promise<EmailResult>;
  /** Serves the Worker over HTTP; may be called for several addresses. @throws when the address cannot be had. */
  listen(options?: ListenOptions): Promise<Listening>;
  /**
   * Loads the code anew and puts it in the place of what runs. Requests that have begun are finished by the old code; connections and
   * hibernatable WebSockets stay open, and the new classes' handlers get what they send from now on. WebSockets that were taken with
   * `accept()` are closed with 1012. An object starts anew once nothing of it is under way, at the latest after `drainTimeoutMs`; what
   * is under way then rejects with "Durable Object reset because its code was updated."
   * @returns false, and nothing was changed: the migrations of the new code delete or rename, so it needs a new runtime
   * @throws what `createRuntime()` throws; the old code goes on
   */
  reload(options?: ReloadOptions): Promise<boolean>;
  /** Reads anew which static assets there are, `_headers` and `_redirects`. Code and objects go on. @throws when a directory is gone */
  reloadAssets(): Promise<void>;
  /**
   * Serves a request of a `node:http` or `node:https` server, of Express, Fastify or Hono. It may be passed around alone. The
   * body must not have been read.
   */
  readonly requestListener: (request: NodeRequest, response: NodeResponse) => void;
  /**
   * Takes an upgrade of such a server over (its event `upgrade`): the Worker answers it. A plain socket leaves Node and
   * hibernates like one of `listen()`; one of TLS is relayed.
   */
  readonly handleUpgrade: (request: NodeRequest, socket: NodeSocket, head: Uint8Array) => void;
  /**
   * Finishes the requests that have begun and what `waitUntil()` was given, writes everything down and lets go of the data
   * directory. Calls that were made directly on `env` and are not answered reject.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A service binding for `bindings`: its requests are answered by a function of this process. What that throws, the Worker's `fetch()`
 * rejects with.
 */
export function serviceOf(answer: (request: Request) => Response | Promise<Response>): Fetcher;

/**
 * Starts a runtime.
 * @throws when the configuration, the code or the data directory is not usable; the message says where.
 */
export function createRuntime<
  Classes extends Record<string, DurableObjectConstructor> = {},
  Env = {} extends Classes ? Record<string, any> : EnvOf<Classes>,
>(options: RuntimeOptions<Classes>): Promise<Runtime<Env>>;
