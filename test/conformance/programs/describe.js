// describe.js: what a value that came over RPC is, down to its bodies, streams and stubs, as deterministic text. Unlike show() it asks:
// stubs are called and bodies read.
import { RpcStub } from 'cloudflare:workers';
import { attempt } from './probe.js';

/** @param {any} value @returns {Promise<string>} an object that was seen before is `*n`, the n-th of all */
export async function describe(value) {
  return describeIn(value, []);
}

async function describeIn(value, seen) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
    return String(value);
  if (seen.includes(value)) return `*${seen.indexOf(value)}`;
  seen.push(value);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  const text = await (kinds[kind] ?? describeOther)(value, seen);
  return `${kind === 'Object' ? '' : `${kind} `}${text}`;
}

const ended = async (action) => {
  const { text } = await attempt(async () => [await action()]);
  return text;
};

/** Own members with what is unusual of their properties. */
async function members(value, seen, except = ['durableObjectId']) {
  const lines = [];
  for (const key of Reflect.ownKeys(value)) {
    if (except.includes(key)) continue;
    const property = Object.getOwnPropertyDescriptor(value, key);
    const marks = [
      property.enumerable ? '' : '(hidden) ',
      'value' in property ? '' : '(accessor) ',
      property.writable === false ? '(fixed) ' : '',
    ].join('');
    const text =
      typeof property.value === 'function' && typeof key === 'symbol'
        ? 'a function'
        : await describeIn(value[key], seen);
    lines.push(`${marks}${key === Symbol.dispose ? 'Symbol.dispose' : String(key)}: ${text}`);
  }
  return block(lines);
}

const block = (lines) =>
  lines.length === 0
    ? '{}'
    : ['{', ...lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`), '}'].join('\n');

const prototypeOf = (value) => Object.getPrototypeOf(value)?.constructor?.name ?? 'no prototype';

async function describeOther(value, seen) {
  return `of ${prototypeOf(value)} ${await members(value, seen)}`;
}

async function describeList(list, seen) {
  return `(${list.length}) ${await members(list, seen, ['length'])}`;
}

async function describeMap(map, seen) {
  const lines = [];
  for (const [key, value] of map) {
    lines.push(`${await describeIn(key, seen)} => ${await describeIn(value, seen)}`);
  }
  return `${block(lines)} ${await members(map, seen)}`;
}

async function describeSet(set, seen) {
  const lines = [];
  for (const value of set) lines.push(await describeIn(value, seen));
  return `${block(lines)} ${await members(set, seen)}`;
}

async function describeView(view, seen) {
  return `at ${view.byteOffset} of ${view.byteLength} ${await describeIn(view.buffer, seen)}`;
}

function describeBuffer(buffer) {
  return `${buffer.resizable ? `up to ${buffer.maxByteLength} ` : ''}${new Uint8Array(buffer)}`;
}

async function describeError(error, seen) {
  const except = ['stack', 'durableObjectId'];
  return `of ${prototypeOf(error)} ${JSON.stringify(String(error.name))} ${await members(error, seen, except)}`;
}

async function describeFunction(value, seen) {
  if (!(value instanceof RpcStub)) return `function ${value.length}`;
  const lines = [];
  for (const ask of [
    () => value(),
    () => value.hello(),
    () => value.own(),
    () => value.property.nested,
  ]) {
    lines.push(await ended(ask));
  }
  void seen;
  return block(lines);
}

async function describeBody(value) {
  const { status, statusText, type, method, url, redirect, headers } = value;
  return `${[status, statusText, type, method, url, redirect]} ${[...headers]} ${value.body === null} ${await ended(() => value.text())}`;
}

const views = [
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array'],
  ...['Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView'],
];

const kinds = {
  Object: (value, seen) =>
    prototypeOf(value) === 'Object' ? members(value, seen) : describeOther(value, seen),
  Array: describeList,
  Map: describeMap,
  Set: describeSet,
  ...Object.fromEntries(views.map((kind) => [kind, describeView])),
  ArrayBuffer: describeBuffer,
  Date: async (date, seen) => `${date.getTime()} ${await members(date, seen)}`,
  RegExp: async (regexp, seen) => `${regexp} ${await members(regexp, seen)}`,
  Boolean: (value) => `${value}`,
  String: (value) => JSON.stringify(value),
  Number: (value) => (Object.is(value.valueOf(), -0) ? '-0' : `${value}`),
  BigInt: (value) => `${value}`,
  Error: describeError,
  DOMException: async (error, seen) =>
    `${error.name} ${error.code} ${JSON.stringify(error.message)} ${await members(error, seen, ['stack', 'name', 'message', 'code'])}`,
  Function: describeFunction,
  JsRpcStub: describeFunction,
  Headers: (headers) => JSON.stringify([...headers]),
  Request: describeBody,
  Response: describeBody,
  Blob: async (blob) => `${blob.type} ${blob.size} ${await ended(() => blob.text())}`,
  ReadableStream: (stream) => (stream.locked ? 'locked' : ended(() => new Response(stream).text())),
  WritableStream: (stream) => (stream.locked ? 'locked' : 'writable'),
  AbortSignal: async (signal, seen) =>
    `${signal.aborted} ${signal.aborted ? await describeIn(signal.reason, seen) : ''}`,
  DurableObject: (stub) => ended(() => stub.hello()),
  Fetcher: (stub) => ended(() => stub.hello()),
};
