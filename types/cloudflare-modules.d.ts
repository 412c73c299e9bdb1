// The modules `cloudflare:sockets`, `cloudflare:email`, `cloudflare:node` and `cloudflare:workflows`.

/// <reference path="./globals.d.ts" />

interface SocketOptions {
  /** `starttls`: plain at first, TLS from `startTls()` on. Default: `off`. */
  secureTransport?: 'off' | 'on' | 'starttls';
  /** Whether the writable stays open when the peer has ended its side. */
  allowHalfOpen?: boolean;
  highWaterMark?: number;
}

interface SocketAddress {
  hostname: string;
  port: number;
}

interface SocketInfo {
  remoteAddress?: string;
  localAddress?: string;
}

/** A TCP or TLS connection. */
interface Socket {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<any>;
  /** Rejects when the connection cannot be made. */
  readonly opened: Promise<SocketInfo>;
  readonly closed: Promise<void>;
  readonly upgraded: boolean;
  readonly secureTransport: 'off' | 'on' | 'starttls';
  close(): Promise<void>;
  startTls(options?: { expectedServerHostname?: string }): Socket;
}

/** A mail to be sent or forwarded. */
interface EmailMessage {
  readonly from: string;
  readonly to: string;
}

/** What an `email` handler gets. */
interface ForwardableEmailMessage extends EmailMessage {
  readonly raw: ReadableStream<Uint8Array>;
  readonly headers: Headers;
  readonly rawSize: number;
  setReject(reason: string): void;
  forward(rcptTo: string, headers?: Headers): Promise<void>;
  reply(message: EmailMessage): Promise<void>;
}

/** What `send_email` binds. There is none here: bring one with `createRuntime({ bindings })`. */
interface SendEmail {
  send(message: EmailMessage): Promise<void>;
}

declare module 'cloudflare:sockets' {
  export function connect(address: string | SocketAddress, options?: SocketOptions): Socket;
}

declare module 'cloudflare:email' {
  export const EmailMessage: {
    new (from: string, to: string, raw: ReadableStream | string): EmailMessage;
  };
}

declare module 'cloudflare:node' {
  interface NodeStyleServer {
    listen(...args: unknown[]): this;
    address(): { port?: number | null | undefined } | null;
  }
  /** A handler that leads requests to the server of `node:http` that listens at the port. */
  export function httpServerHandler(port: number): ExportedHandler;
  export function httpServerHandler(options: { port: number }): ExportedHandler;
  /** It listens from then on. */
  export function httpServerHandler(server: NodeStyleServer): ExportedHandler;
  /** What that server answers. */
  export function handleAsNodeRequest(
    port: number | { port?: number | null },
    request: Request,
    env?: unknown,
    ctx?: unknown,
  ): Promise<Response>;
}

declare module 'cloudflare:workflows' {
  /** A step of a workflow that throws it is not tried again. */
  export class NonRetryableError extends Error {
    constructor(message: string, name?: string);
  }
}
