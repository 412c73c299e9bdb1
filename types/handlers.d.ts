// What a Worker exports.

interface ExecutionContext<Props = unknown> {
  waitUntil(promise: Promise<any>): void;
  passThroughOnException(): void;
  /** Ends this event: who waits for it gets the reason. */
  abort(reason?: any): void;
  /** An address that connect() of `cloudflare:sockets` takes to a stub; good as long as this event or the stub is there. */
  mapVirtualHost(stub: Fetcher<any>, port: number): string;
  /**
   * Calls the `[restore]()` method of the entrypoint that runs, and gives what that gave as a stub that objects can store. There is none
   * without the compatibility flag `allow_irrevocable_stub_storage`.
   */
  restore<T = any>(params: object): Promise<T>;
  readonly exports: Cloudflare.Exports;
  readonly props: Props;
  readonly tracing: Tracing;
}

/** A span of a trace; nobody collects it here. */
interface Span {
  readonly isTraced: boolean;
  setAttribute(key: string, value: boolean | number | string): this;
  setAttributes(attributes: Record<string, boolean | number | string | undefined>): this;
  end(): void;
}

interface Tracing {
  /** The span ends with the callback, or with the promise that it returns. */
  enterSpan<T, A extends unknown[]>(
    name: string,
    callback: (span: Span, ...args: A) => T,
    ...args: A
  ): T;
  startActiveSpan<T, A extends unknown[]>(
    name: string,
    callback: (span: Span, ...args: A) => T,
    ...args: A
  ): T;
  startSpan(name: string): Span;
}

interface ScheduledController {
  /** Milliseconds since 1970. */
  readonly scheduledTime: number;
  readonly cron: string;
  noRetry(): void;
}

interface QueueRetryOptions {
  delaySeconds?: number;
}

interface Message<Body = unknown> {
  readonly id: string;
  readonly timestamp: Date;
  readonly body: Body;
  readonly attempts: number;
  ack(): void;
  retry(options?: QueueRetryOptions): void;
}

interface MessageBatch<Body = unknown> {
  readonly queue: string;
  readonly messages: readonly Message<Body>[];
  ackAll(): void;
  retryAll(options?: QueueRetryOptions): void;
}

type ExportedHandlerFetchHandler<Env = unknown, CfHostMetadata = unknown, Props = unknown> = (
  request: Request & { readonly cf?: CfHostMetadata },
  env: Env,
  ctx: ExecutionContext<Props>,
) => Response | Promise<Response>;

type ExportedHandlerScheduledHandler<Env = unknown, Props = unknown> = (
  controller: ScheduledController,
  env: Env,
  ctx: ExecutionContext<Props>,
) => void | Promise<void>;

type ExportedHandlerQueueHandler<Env = unknown, Body = unknown, Props = unknown> = (
  batch: MessageBatch<Body>,
  env: Env,
  ctx: ExecutionContext<Props>,
) => void | Promise<void>;

type EmailExportedHandler<Env = unknown, Props = unknown> = (
  message: ForwardableEmailMessage,
  env: Env,
  ctx: ExecutionContext<Props>,
) => void | Promise<void>;

/** The default export: `export default { fetch(request, env, ctx) { … } } satisfies ExportedHandler<Env>`. */
interface ExportedHandler<
  Env = unknown,
  QueueHandlerMessage = unknown,
  CfHostMetadata = unknown,
  Props = unknown,
> {
  fetch?: ExportedHandlerFetchHandler<Env, CfHostMetadata, Props>;
  scheduled?: ExportedHandlerScheduledHandler<Env, Props>;
  queue?: ExportedHandlerQueueHandler<Env, QueueHandlerMessage, Props>;
  /** A connection to `connect()` of a service binding. */
  connect?: (socket: Socket, env: Env, ctx: ExecutionContext<Props>) => void | Promise<void>;
  /** A message: of `runtime.email()`, or of `/cdn-cgi/local/email` in development. */
  email?: EmailExportedHandler<Env, Props>;
}

/** A service binding. */
type Service<
  T extends
    | (new (...args: any[]) => Rpc.WorkerEntrypointBranded)
    | Rpc.WorkerEntrypointBranded
    | ExportedHandler<any, any, any, any>
    | undefined = undefined,
> = T extends new (...args: any[]) => Rpc.WorkerEntrypointBranded
  ? Fetcher<InstanceType<T>>
  : T extends Rpc.WorkerEntrypointBranded
    ? Fetcher<T>
    : Fetcher<undefined>;
