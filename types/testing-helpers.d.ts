// What tests are given, under every runner: the helpers of `cloudflare:test`, and what Holdfast has beyond them.

/// <reference path="./cloudflare-workers.d.ts" />

declare namespace HoldfastTesting {
  interface EvictionOptions {
    /** What becomes of hibernatable WebSockets. Default: `hibernate`. */
    webSockets?: 'hibernate' | 'close';
  }

  interface QueueMessage<Body = unknown> {
    id: string;
    timestamp: Date | number;
    attempts: number;
    body: Body;
  }

  interface QueueResult {
    outcome: string;
    ackAll: boolean;
    retryBatch: { retry: boolean; delaySeconds?: number };
    explicitAcks: string[];
    retryMessages: { msgId: string; delaySeconds?: number }[];
  }

  interface D1Migration {
    name: string;
    queries: string[];
  }

  /** As much of a D1 database as migrations need. */
  interface Database {
    prepare(query: string): any;
    batch(statements: any[]): Promise<any>;
    exec(query: string): Promise<any>;
  }

  interface PagesEventInit {
    request: Request;
    functionPath?: string;
    next?(request: Request): Response | Promise<Response>;
    params?: Record<string, string | string[]>;
    data?: object;
  }

  /** The client's end of a WebSocket to an object of this process. */
  interface SocketClient {
    readonly socket: WebSocket;
    /** Settles when the socket is closed: how. */
    readonly closed: Promise<{ code: number; reason: string; wasClean: boolean }>;
    /** The next message. @throws when the socket is closed and none is left */
    next(): Promise<string | ArrayBuffer | Blob>;
    /** The next message as JSON. */
    nextJson<T = any>(): Promise<T>;
    /** What has arrived and was not taken. */
    takeAll(): (string | ArrayBuffer | Blob)[];
    send(message: string | ArrayBuffer | ArrayBufferView): void;
    sendJson(value: unknown): void;
    /** @returns how it was closed; the object must answer with `close()` in `webSocketClose`, as on Cloudflare */
    close(
      code?: number,
      reason?: string,
    ): Promise<{ code: number; reason: string; wasClean: boolean }>;
    [Symbol.asyncIterator](): AsyncIterator<string | ArrayBuffer | Blob>;
  }

  type Matcher = string | RegExp | ((value: string) => boolean);

  interface MockReplyOptions {
    headers?: Record<string, string | string[]>;
  }

  interface MockRequest {
    origin: string;
    path: string;
    method: string;
    headers: Record<string, string>;
    body: string;
  }

  interface MockScope {
    /** Milliseconds before the answer. */
    delay(ms: number): MockScope;
    /** It answers any number of requests. */
    persist(): MockScope;
    times(count: number): MockScope;
  }

  type MockData = string | object | Uint8Array | ArrayBuffer;

  interface MockInterceptor {
    reply(
      callback: (
        request: MockRequest,
      ) =>
        | { statusCode: number; data?: MockData; responseOptions?: MockReplyOptions }
        | Promise<{ statusCode: number; data?: MockData; responseOptions?: MockReplyOptions }>,
    ): MockScope;
    reply(
      status: number,
      data?: MockData | ((request: MockRequest) => MockData | Promise<MockData>),
      options?: MockReplyOptions,
    ): MockScope;
    replyWithError(error: Error): MockScope;
    defaultReplyHeaders(headers: Record<string, string | string[]>): MockInterceptor;
    defaultReplyTrailers(trailers: Record<string, string>): MockInterceptor;
    replyContentLength(): MockInterceptor;
  }

  interface PendingInterceptor {
    origin: string;
    path: string;
    method: string;
    status: string;
    persist: boolean;
    times: number | null;
  }

  /** In the shape of undici's MockAgent. */
  interface FetchMock {
    activate(): void;
    deactivate(): void;
    close(): Promise<void>;
    get(origin: Matcher | URL): {
      intercept(options: {
        path: Matcher;
        method?: Matcher;
        body?: Matcher;
        headers?: Record<string, Matcher> | ((headers: Record<string, string>) => boolean);
        query?: Record<string, unknown>;
      }): MockInterceptor;
      close(): Promise<void>;
    };
    disableNetConnect(): void;
    enableNetConnect(host?: Matcher): void;
    pendingInterceptors(): PendingInterceptor[];
    assertNoPendingInterceptors(options?: {
      pendingInterceptorsFormatter?: { format(pending: readonly PendingInterceptor[]): string };
    }): void;
  }

  /** What goes wrong on demand. */
  interface Faults {
    /** The next commit of the object, or of any, fails. */
    failNextCommit(stub?: DurableObjectStub<any>, error?: Error): void;
    /** Whether each commit fails as on a full disk. */
    diskFull(isFull: boolean): void;
    /** The object is gone, as for a caller that has lost it. */
    calleeGone(stub: DurableObjectStub<any>): Promise<void>;
    clear(): void;
  }

  /** Of a Secrets Store. A secret has an id for as long as it exists; a call with an id that none has rejects. */
  interface SecretsStoreAdmin {
    /** Creates the secret of the binding. Resolves with its id. */
    create(value: string): Promise<string>;
    update(value: string, id: string): Promise<string>;
    /** Resolves with the id of the copy. */
    duplicate(id: string, newName: string): Promise<string>;
    delete(id: string): Promise<void>;
    list(): Promise<{ name: string; metadata?: { uuid: string } }[]>;
    /** Resolves with its name. */
    get(id: string): Promise<string>;
  }

  /** What an `email` handler did with a message. */
  interface EmailResult {
    /** `exception`: it threw, or there is none. */
    outcome: 'ok' | 'exception';
    rejectReason?: string;
    forwards: { recipient: string; headers: [string, string][]; messageId: string }[];
    replies: { messageId: string; sender: string; raw: string }[];
    events: { type: string; timestamp: string; messageId?: string }[];
  }

  /** A message that left a Worker: its envelope, and what it says. */
  interface SentEmail {
    kind: 'send' | 'forward' | 'reply';
    worker: string;
    /** Of `send`. */
    binding?: string;
    from: string;
    /** With those of `cc` and `bcc`. */
    to: string[];
    messageId: string;
    subject?: string;
    text?: string;
    html?: string;
    /** Names in lower case. */
    headers: [string, string][];
    attachments: {
      filename: string | null;
      type: string;
      content: ArrayBuffer | Uint8Array | string;
    }[];
    raw: string;
  }

  interface Helpers<Env = Cloudflare.Env> {
    readonly env: Env;
    /** The default export of the Worker. */
    readonly SELF: Fetcher;
    readonly fetchMock: FetchMock;
    readonly faults: Faults;
    /** The whole runtime starts anew, from what was durable; stubs stay usable. `afterCrash`: what is under way is cut off. */
    restart(options?: { afterCrash?: boolean }): Promise<void>;
    /** Runs `callback` inside the object, as if it took the place of its `fetch`. */
    runInDurableObject<T extends Rpc.DurableObjectBranded | undefined, R>(
      stub: DurableObjectStub<T>,
      callback: (
        instance: T extends Rpc.DurableObjectBranded ? T : any,
        state: DurableObjectState,
      ) => R | Promise<R>,
    ): Promise<R>;
    runInDurableObject<T extends Rpc.DurableObjectBranded, R>(
      stub: DurableObjectStub<any>,
      callback: (instance: T, state: DurableObjectState) => R | Promise<R>,
    ): Promise<R>;
    /** Runs the alarm now, whenever it is due. @returns false: none was set */
    runDurableObjectAlarm(stub: DurableObjectStub<any>): Promise<boolean>;
    listDurableObjectIds(namespace: DurableObjectNamespace<any>): Promise<DurableObjectId[]>;
    evictDurableObject(stub: DurableObjectStub<any>, options?: EvictionOptions): Promise<void>;
    evictAllDurableObjects(options?: EvictionOptions): Promise<void>;
    /** Evicts the object and keeps its WebSockets. */
    hibernateDurableObject(stub: DurableObjectStub<any>): Promise<void>;
    /** Resets all instances; data stays. */
    abortAllDurableObjects(): Promise<void>;
    /** Deletes the data of all bindings and resets all objects. */
    reset(): Promise<void>;
    createExecutionContext(): ExecutionContext;
    /** Waits for all that `waitUntil()` of the context was given. */
    waitOnExecutionContext(ctx: { waitUntil(promise: Promise<any>): void }): Promise<void>;
    createScheduledController(options?: {
      scheduledTime?: Date | number;
      cron?: string;
    }): ScheduledController;
    createMessageBatch<Body = unknown>(
      queueName: string,
      messages: QueueMessage<Body>[],
    ): MessageBatch<Body>;
    getQueueResult(batch: MessageBatch<any>, ctx: ExecutionContext): Promise<QueueResult>;
    createPagesEventContext(init: PagesEventInit): any;
    /** Creates and changes secrets of the store of a binding, which the Worker can only read. */
    adminSecretsStore(binding: { get(): Promise<string> }): SecretsStoreAdmin;
    applyD1Migrations(db: Database, migrations: D1Migration[], tableName?: string): Promise<void>;
    readD1Migrations(directory: string): Promise<D1Migration[]>;
    /** Calls the `email` handler of the Worker. One that throws is an outcome, too. */
    receiveEmail(message: {
      from: string;
      to: string;
      raw: string | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array>;
    }): Promise<EmailResult>;
    /** What Workers have sent, forwarded and replied, in order; nothing of it has left. */
    sentEmails(): Promise<SentEmail[]>;
    /** Opens a WebSocket to an object, or through the Worker. */
    connectWebSocket(
      target: { fetch(input: any, init?: any): Promise<Response> },
      input?: string | URL | Request,
      init?: RequestInit,
    ): Promise<SocketClient>;
    /**
     * Lets time go by while it is faked: all that becomes due happens, in order.
     * @param time milliseconds, or `'90s'`, `'25h'` and their like
     */
    advance(time: number | string): Promise<void>;
  }

  /** Matchers of `expect`; each takes a stub or an id. `R`: what a matcher gives. */
  interface Matchers<R> {
    /** What is stored under a key, or under each of those that an object names; with a key alone: that there is something. */
    toHaveStored(key: string, value?: unknown): Promise<R>;
    toHaveStored(entries: Record<string, unknown>): Promise<R>;
    /** When the alarm is set to; null: there is none. */
    toHaveAlarmAt(time: number | Date | null | unknown): Promise<R>;
    /** How many hibernatable WebSockets there are, all or those with a tag. */
    toHaveSockets(count: number, tag?: string): Promise<R>;
    /** The call rejects because its object was reset. */
    toRejectWithDurableObjectReset(message?: string | RegExp): Promise<R>;
  }
}
