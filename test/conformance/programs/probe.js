// probe.js: what many programs of this suite share. A probe is a function that exercises something and returns a
// value; the value is shown as deterministic text, which the harness compares.

/**
 * Runs the probe that the path of the request names.
 * @param {Record<string, (self: any, request: Request) => unknown>} probes
 * @param {Request} request
 * @param {any} self passed to the probe
 */
export async function answer(probes, request, self) {
  const name = new URL(request.url).pathname.split('/')[1];
  if (!Object.hasOwn(probes, name)) return new Response(`no probe ${name}`, { status: 500 });
  try {
    return new Response(show(await probes[name](self, request)));
  } catch (error) {
    return new Response(`unexpected ${show(error)}\n${error?.stack}`, { status: 500 });
  }
}

/** How an action ended; show() prints its text without quotes. */
class Outcome {
  constructor(text) {
    this.text = text;
  }
}

/** The result of a function or promise, or what it threw. */
export async function attempt(action) {
  let result;
  try {
    result = action();
  } catch (error) {
    return new Outcome(`threw ${show(error)}`);
  }
  if (typeof result?.then !== 'function') return new Outcome(`returned ${show(result)}`);
  try {
    return new Outcome(`resolved ${show(await result)}`);
  } catch (error) {
    return new Outcome(`rejected ${show(error)}`);
  }
}

/** attempt() for functions that answer at once, without awaiting anything. */
export function attemptSync(action) {
  try {
    return new Outcome(`returned ${show(action())}`);
  } catch (error) {
    return new Outcome(`threw ${show(error)}`);
  }
}

/** A deterministic description of a value: type, contents, own properties. */
export function show(value, seen = []) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return `function ${value.name}`;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Outcome) return value.text;
  if (seen.includes(value)) return `<cycle ${seen.length - seen.indexOf(value)}>`;
  return showObject(value, [...seen, value]);
}

function showObject(value, seen) {
  if (value instanceof Error || value instanceof DOMException) return showError(value, seen);
  const type = value.constructor?.name ?? 'null-prototype';
  if (Array.isArray(value)) return lines('[', showItems(value, seen), ']');
  if (value instanceof Date)
    return `Date ${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()}`;
  if (value instanceof RegExp) return `RegExp ${value}`;
  if (value instanceof Map) {
    return lines(
      'Map {',
      [...value].map(([k, v]) => `${show(k, seen)} => ${show(v, seen)}`),
      '}',
    );
  }
  if (value instanceof Set)
    return lines(
      'Set {',
      [...value].map((v) => show(v, seen)),
      '}',
    );
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${hex(new Uint8Array(value))}`;
  if (ArrayBuffer.isView(value)) {
    return `${type} ${hex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}`;
  }
  if (value instanceof Boolean || value instanceof Number || value instanceof String) {
    return `${type} object ${show(value.valueOf(), seen)}`;
  }
  return lines(type === 'Object' ? '{' : `${type} {`, showProperties(value, seen), '}');
}

function showError(error, seen) {
  // durableObjectId comes and goes with the way of transport (S1.9.5); it has a case of its own.
  const builtIn = ['stack', 'durableObjectId'];
  if (error instanceof DOMException) builtIn.push('name', 'message', 'code');
  const own = Object.keys(error)
    .filter((key) => !builtIn.includes(key))
    .sort()
    .map((key) => `${key}: ${show(error[key], seen)}`);
  const cause = Object.hasOwn(error, 'cause') && !own.some((line) => line.startsWith('cause'));
  if (cause) own.push(`cause: ${show(error.cause, seen)}`);
  const head = `${error.name}: ${error.message}`;
  return own.length > 0 ? lines(`${head} {`, own, '}') : head;
}

function showItems(array, seen) {
  return Array.from({ length: array.length }, (_, i) =>
    i in array ? show(array[i], seen) : '<hole>',
  );
}

function showProperties(value, seen) {
  return Object.keys(value).map((key) => `${key}: ${show(value[key], seen)}`);
}

function lines(open, inner, close) {
  if (inner.length === 0) return open + close;
  const indented = inner.map((line) => `  ${line.replaceAll('\n', '\n  ')}`);
  return [open, ...indented, close].join('\n');
}

function hex(bytes) {
  return `(${bytes.length}) ${[...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ')}`;
}
