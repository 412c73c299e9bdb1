// Globals of Workers beyond the web platform: HTMLRewriter, streams, crypto, events of Service Worker syntax.

interface ContentOptions {
  /** Whether the content is HTML; by default it is text, and escaped. */
  html?: boolean;
}
type RewriterContent = string | ReadableStream | Response;

interface HTMLRewriterElement {
  tagName: string;
  readonly attributes: IterableIterator<[string, string]>;
  readonly removed: boolean;
  readonly namespaceURI: string;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  setAttribute(name: string, value: string): this;
  removeAttribute(name: string): this;
  before(content: RewriterContent, options?: ContentOptions): this;
  after(content: RewriterContent, options?: ContentOptions): this;
  prepend(content: RewriterContent, options?: ContentOptions): this;
  append(content: RewriterContent, options?: ContentOptions): this;
  replace(content: RewriterContent, options?: ContentOptions): this;
  setInnerContent(content: RewriterContent, options?: ContentOptions): this;
  remove(): this;
  removeAndKeepContent(): this;
  /** @throws TypeError for an element that has no end tag. */
  onEndTag(handler: (tag: HTMLRewriterEndTag) => void | Promise<void>): void;
}

interface HTMLRewriterEndTag {
  name: string;
  before(content: RewriterContent, options?: ContentOptions): this;
  after(content: RewriterContent, options?: ContentOptions): this;
  remove(): this;
}

interface HTMLRewriterComment {
  text: string;
  readonly removed: boolean;
  before(content: RewriterContent, options?: ContentOptions): this;
  after(content: RewriterContent, options?: ContentOptions): this;
  replace(content: RewriterContent, options?: ContentOptions): this;
  remove(): this;
}

interface HTMLRewriterText {
  readonly text: string;
  readonly lastInTextNode: boolean;
  readonly removed: boolean;
  before(content: RewriterContent, options?: ContentOptions): this;
  after(content: RewriterContent, options?: ContentOptions): this;
  replace(content: RewriterContent, options?: ContentOptions): this;
  remove(): this;
}

interface HTMLRewriterDoctype {
  readonly name: string | null;
  readonly publicId: string | null;
  readonly systemId: string | null;
}

interface HTMLRewriterElementContentHandlers {
  element?(element: HTMLRewriterElement): void | Promise<void>;
  comments?(comment: HTMLRewriterComment): void | Promise<void>;
  text?(text: HTMLRewriterText): void | Promise<void>;
}

interface HTMLRewriterDocumentContentHandlers {
  doctype?(doctype: HTMLRewriterDoctype): void | Promise<void>;
  comments?(comment: HTMLRewriterComment): void | Promise<void>;
  text?(text: HTMLRewriterText): void | Promise<void>;
  end?(end: { append(content: string, options?: ContentOptions): void }): void | Promise<void>;
}

/** Changes HTML while it streams. What a handler throws ends the body with that error. UTF-8 only. */
declare class HTMLRewriter {
  on(selector: string, handlers: HTMLRewriterElementContentHandlers): this;
  onDocument(handlers: HTMLRewriterDocumentContentHandlers): this;
  transform(response: Response): Response;
}

/** A pipe of bytes. */
declare class IdentityTransformStream extends TransformStream<
  ArrayBuffer | ArrayBufferView,
  Uint8Array
> {
  constructor(options?: { highWaterMark?: number });
}

/** One of a known length: what is more or less is an error. */
declare class FixedLengthStream extends IdentityTransformStream {
  constructor(expectedLength: number | bigint, options?: { highWaterMark?: number });
}

interface DigestStream extends WritableStream<ArrayBuffer | ArrayBufferView> {
  /** Once the stream is closed. */
  readonly digest: Promise<ArrayBuffer>;
  readonly bytesWritten: number | bigint;
}

interface Crypto {
  DigestStream: new (algorithm: string | { name: string }) => DigestStream;
}

interface SubtleCrypto {
  /** @throws TypeError when the lengths differ. */
  timingSafeEqual(a: ArrayBuffer | ArrayBufferView, b: ArrayBuffer | ArrayBufferView): boolean;
}

interface CacheStorage {
  readonly default: Cache;
}

interface ReadableStreamBYOBReader {
  /** Waits for at least as many bytes, unless the stream ends. */
  readAtLeast<T extends ArrayBufferView>(
    minBytes: number,
    view: T,
  ): Promise<{ done: boolean; value: T | undefined }>;
}

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<any>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Response | PromiseLike<Response>): void;
  passThroughOnException(): void;
}

interface ScheduledEvent extends ExtendableEvent {
  /** Milliseconds since 1970. */
  readonly scheduledTime: number;
  readonly cron: string;
  noRetry(): void;
}

/** Service Worker syntax: a Worker that exports nothing. Its bindings are globals. */
declare function addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
declare function addEventListener(
  type: 'scheduled',
  listener: (event: ScheduledEvent) => void,
): void;
