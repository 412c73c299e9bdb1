// HTMLRewriter: the global of Workers (S9.2), over html-rewriter-wasm: lol-html, the parser of Workers, as WebAssembly.
//
// The body of a Response goes through the parser as it is read; handlers run in between, one after the other, as the code that called
// transform(). What a handler throws ends the body with that error.
'use strict';

const { AsyncResource } = require('node:async_hooks');
const { createRequire } = require('node:module');
const { parameterError } = require('../errors.js');
const { defineInterface } = require('../interface.js');
const { Response, isOwnResponse, isResponse } = require('../fetch/response.js');
const { RewriterCodec } = require('./rewriter-codec.js');
const { documentTokens, elementTokens, parserHandlers, toError } = require('./rewriter-tokens.js');
const { TextDecoder } = require('../streams/text-decoder.js');

/** @typedef {import('html-rewriter-wasm').HTMLRewriter} Parser */

// Compiling it takes some 30 ms, which only who uses it pays. The package has no state that two copies of it would have to share.
const loadPackage = createRequire(__filename);

/** @param {(chunk: Uint8Array) => void} sink @returns {Parser} to be freed */
function makeParser(sink) {
  const { HTMLRewriter: Parser } = loadPackage('html-rewriter-wasm');
  return new Parser(sink, { enableEsiTags: false });
}

/** Parsers of streams that nobody reads to their end. */
const forgotten = new FinalizationRegistry((/** @type {Parser} */ parser) => parser.free());

/** @param {string} selector throws what is wrong with it */
function checkSelector(selector) {
  const parser = makeParser(() => {});
  try {
    parser.on(selector, {});
  } catch (error) {
    throw toError(error);
  } finally {
    parser.free();
  }
}

/** @param {string | null} contentType @returns {RewriterCodec | undefined} none is needed for UTF-8 */
function codecFor(contentType) {
  const label = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1];
  if (label === undefined) return undefined;
  let encoding;
  try {
    ({ encoding } = new TextDecoder(label));
  } catch {
    throw toError('Unknown character encoding has been provided.');
  }
  if (encoding === 'utf-8') return undefined;
  if (/^(utf-16|iso-2022)/.test(encoding)) throw toError('Expected ASCII-compatible encoding.');
  return new RewriterCodec(encoding);
}

/** @param {any} chunk @returns {Uint8Array} */
function toBytes(chunk) {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (ArrayBuffer.isView(chunk))
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return new Uint8Array(chunk);
}

class HTMLRewriter {
  /** @type {Array<(parser: Parser, guard: Parameters<typeof parserHandlers>[2], codec?: RewriterCodec) => void>} */
  #handlers = [];

  /** @param {any} selector @param {any} handlers `element`, `comments`, `text` @returns {this} */
  on(selector, handlers) {
    if (selector === undefined) throw parameterError('on', 'HTMLRewriter', 1, 'string');
    if (typeof handlers !== 'object' || handlers === null)
      throw parameterError('on', 'HTMLRewriter', 2, 'ElementContentHandlers');
    const text = `${selector}`;
    checkSelector(text);
    this.#handlers.push((parser, guard, codec) => {
      const selected = codec?.toRaw(text) ?? text;
      parser.on(selected, parserHandlers(handlers, elementTokens, guard, codec));
    });
    return this;
  }

  /** @param {any} handlers `doctype`, `comments`, `text`, `end` @returns {this} */
  onDocument(handlers) {
    if (typeof handlers !== 'object' || handlers === null)
      throw parameterError('onDocument', 'HTMLRewriter', 1, 'DocumentContentHandlers');
    this.#handlers.push((parser, guard, codec) => {
      parser.onDocument(parserHandlers(handlers, documentTokens, guard, codec));
    });
    return this;
  }

  /** @param {any} response its body is taken @returns {any} a Response */
  transform(response) {
    if (!isResponse(response)) throw parameterError('transform', 'HTMLRewriter', 1, 'Response');
    const given = isOwnResponse(response) ? response : new Response(response.body, response);
    if (given.body === null) return given;
    const codec = codecFor(given.headers.get('content-type'));
    if (given.body.locked) throw new TypeError('The ReadableStream has been locked to a reader.');
    return new Response(this.#rewritten(given.body, codec), given);
  }

  /** @param {ReadableStream} body @param {RewriterCodec} [codec] of one that is not UTF-8 @returns {ReadableStream} */
  #rewritten(body, codec) {
    const reader = body.getReader();
    const scope = new AsyncResource('HTMLRewriter');
    /** @type {Uint8Array[]} */
    const output = [];
    const parser = makeParser((chunk) => {
      if (chunk.length > 0) output.push(codec?.fromParser(chunk) ?? chunk);
    });
    const free = () => {
      forgotten.unregister(parser);
      parser.free();
    };
    let isBusy = false;
    let isCancelled = false;
    // A handler that rejects must not leave the parser in the middle of a call: it would never end.
    /** @type {{error: unknown} | undefined} */
    let thrown;
    const failed = (/** @type {unknown} */ error) => void (thrown ??= { error });
    /** @param {(raw: any) => any} run */
    const guard = (run) => (/** @type {any} */ raw) => {
      if (thrown) return undefined;
      try {
        const result = scope.runInAsyncScope(run, undefined, raw);
        return typeof result?.then === 'function' ? result.catch(failed) : undefined;
      } catch (error) {
        return failed(error);
      }
    };
    /** @param {() => Promise<void>} run */
    const parse = async (run) => {
      isBusy = true;
      try {
        await run();
      } catch (error) {
        throw toError(error);
      } finally {
        isBusy = false;
        if (isCancelled) free();
      }
      if (thrown) throw thrown.error;
    };
    for (const add of this.#handlers) add(parser, guard, codec);
    const stream = new ReadableStream(
      {
        async pull(controller) {
          try {
            let isDone = false;
            while (output.length === 0 && !isDone && !isCancelled) {
              const { done, value } = await scope.runInAsyncScope(() => reader.read());
              isDone = done;
              await parse(() =>
                done
                  ? parser.end()
                  : parser.write(codec?.toParser(toBytes(value)) ?? toBytes(value)),
              );
            }
            if (isCancelled) return;
            for (const chunk of output.splice(0)) controller.enqueue(chunk);
            if (!isDone) return;
            controller.close();
            free();
          } catch (error) {
            if (isCancelled) return;
            free();
            controller.error(error);
            reader.cancel(error).catch(() => {});
          }
        },
        cancel(reason) {
          isCancelled = true;
          if (!isBusy) free();
          return reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
    forgotten.register(stream, parser, parser);
    return stream;
  }
}

defineInterface(HTMLRewriter);

module.exports = { HTMLRewriter };
