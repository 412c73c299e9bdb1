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

/** A message as it travels. */
interface EmailMessage {
  /** Of the envelope. */
  readonly from: string;
  /** Of the envelope. */
  readonly to: string;
}

/** What became of a message that was sent. */
interface EmailSendResult {
  /** The `Message-ID` with which it left. */
  messageId: string;
}

interface EmailAddress {
  name: string;
  email: string;
}

/** An inline one has a `contentId`, by which the HTML refers to it: `cid:…`. */
type EmailAttachment = {
  filename: string;
  /** Such as `image/png`. */
  type: string;
  /** Text is base64. */
  content: string | ArrayBuffer | ArrayBufferView;
} & (
  | { disposition: 'inline'; contentId: string }
  | { disposition: 'attachment'; contentId?: undefined }
);

/** A reply, as fields. It goes to whoever sent the message, and says what it replies to. */
interface EmailReplyMessageBuilder {
  from: string | EmailAddress;
  subject: string;
  replyTo?: string | EmailAddress;
  /** More header fields; those that other fields make are left out. */
  headers?: Record<string, string>;
  text?: string;
  html?: string;
  attachments?: EmailAttachment[];
}

type EmailRecipients = string | EmailAddress | (string | EmailAddress)[];

/** At least one recipient. */
type EmailDestinations = {
  to?: EmailRecipients;
  cc?: EmailRecipients;
  bcc?: EmailRecipients;
} & ({ to: EmailRecipients } | { cc: EmailRecipients } | { bcc: EmailRecipients });

/** A message as fields. */
type EmailMessageBuilder = EmailReplyMessageBuilder & EmailDestinations;

/** What an `email` handler gets. */
interface ForwardableEmailMessage extends EmailMessage {
  readonly raw: ReadableStream<Uint8Array>;
  readonly headers: Headers;
  readonly rawSize: number;
  readonly canBeForwarded: boolean;
  /** Whoever brought it is told so. The last reason holds. */
  setReject(reason: string): void;
  /** @param headers put before its own */
  forward(rcptTo: string, headers?: Headers): Promise<EmailSendResult>;
  /** Rejects when the message was sent by a program, or the reply does not refer to it. */
  reply(message: EmailMessage | EmailReplyMessageBuilder): Promise<EmailSendResult>;
}

/** What `send_email` binds. */
interface SendEmail {
  /** Rejects when the binding does not allow the sender or a recipient, and when the message cannot leave. */
  send(message: EmailMessage | EmailMessageBuilder): Promise<EmailSendResult>;
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
