// WebSockets of the server's side.

interface WebSocketAcceptOptions {
  allowHalfOpen?: boolean;
}

interface WebSocket {
  /** Starts delivery of events to listeners of this end of a pair. */
  accept(options?: WebSocketAcceptOptions): void;
  /** Attaches a value (at most 16 KiB) that stays with the connection when the object hibernates. */
  serializeAttachment(attachment: any): void;
  deserializeAttachment(): any | null;
}

/** Two ends of one connection: `[client, server] = Object.values(new WebSocketPair())`. */
declare const WebSocketPair: {
  new (): { 0: WebSocket; 1: WebSocket };
};

/** A text message that is answered without waking the object. */
declare class WebSocketRequestResponsePair {
  constructor(request: string, response: string);
  get request(): string;
  get response(): string;
}

interface ResponseInit {
  /** The client's end of a pair; with status 101. */
  webSocket?: WebSocket | null;
  encodeBody?: 'automatic' | 'manual';
  cf?: any;
}

interface Response {
  readonly webSocket: WebSocket | null;
  readonly cf?: any;
}

interface Request {
  readonly cf?: any;
}
