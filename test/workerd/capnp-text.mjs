// Cap'n Proto's text format, as far as workerd's configurations use it: constants made of structs, lists and texts.
//
// A struct becomes an object, a list an array, a text a string, a number a number; `embed "f"` becomes an Embed, a
// reference (`.name`) the value of that constant, and any other word a Word. Types and imports are passed over.

/** `embed "file"`: the content of a file beside the configuration. */
export class Embed {
  constructor(file) {
    this.file = file;
  }
}

/** `void`, `true`, `false` and the names of enumerations. */
export class Word {
  constructor(name) {
    this.name = name;
  }
}

class Reference {
  constructor(name) {
    this.name = name;
  }
}

const token = /\s+|#[^\n]*|"(?:[^"\\]|\\[^])*"|[A-Za-z_][\w.]*|-?\d[\d.]*|\.[A-Za-z_]\w*|[^]/g;

/**
 * @param {string} text
 * @returns {{name: string, type: string, value: any}[]} the constants, in order
 */
export function parse(text) {
  const reader = new Reader(text);
  const constants = [];
  while (!reader.atEnd) {
    if (reader.takeIf('const')) constants.push(reader.constant());
    else reader.skipTo(';');
  }
  const byName = new Map(constants.map(({ name, value }) => [name, value]));
  return constants.map((constant) => ({ ...constant, value: resolve(constant.value, byName) }));
}

/** @param {any} value as parse() makes them */
export function print(value) {
  if (value instanceof Embed) return `embed ${JSON.stringify(value.file)}`;
  if (value instanceof Word) return value.name;
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `(${fields.map(([name, field]) => `${name} = ${print(field)}`).join(', ')})`;
}

class Reader {
  #tokens;
  #at = 0;

  constructor(text) {
    this.#tokens = text.match(token).filter((word) => !/^[\s#]/.test(word));
  }

  get atEnd() {
    return this.#at >= this.#tokens.length;
  }

  get #next() {
    return this.#tokens[this.#at];
  }

  takeIf(word) {
    if (this.#next !== word) return false;
    this.#at += 1;
    return true;
  }

  skipTo(word) {
    while (!this.atEnd && !this.takeIf(word)) this.#at += 1;
  }

  constant() {
    const name = this.#take();
    this.#expect(':');
    const type = this.#take();
    this.#expect('=');
    const value = this.#value();
    this.#expect(';');
    return { name, type, value };
  }

  #take() {
    if (this.atEnd) throw new Error('The configuration ends too early.');
    return this.#tokens[this.#at++];
  }

  #expect(word) {
    const found = this.#take();
    if (found !== word) throw new Error(`Expected ${word} but found ${found}.`);
  }

  #value() {
    const first = this.#take();
    if (first === '(') return this.#fields();
    if (first === '[') return this.#items();
    if (first === 'embed') return new Embed(unquote(this.#take()));
    if (first.startsWith('.')) return new Reference(first.slice(1));
    if (/^-?\d/.test(first)) return Number(first);
    if (!first.startsWith('"')) return new Word(first);
    let text = unquote(first);
    while (!this.atEnd && this.#next.startsWith('"')) text += unquote(this.#take());
    return text;
  }

  #fields() {
    const fields = {};
    while (!this.takeIf(')')) {
      const name = this.#take();
      this.#expect('=');
      fields[name] = this.#value();
      this.takeIf(',');
    }
    return fields;
  }

  #items() {
    const items = [];
    while (!this.takeIf(']')) {
      items.push(this.#value());
      this.takeIf(',');
    }
    return items;
  }
}

/** Its escapes are those of JSON and, for what JSON does not know, of C. */
function unquote(word) {
  const body = word.replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1').replace(/\\'/g, "'");
  return JSON.parse(body.replace(/\n/g, '\\n').replace(/\t/g, '\\t'));
}

function resolve(value, byName) {
  if (value instanceof Reference) {
    if (!byName.has(value.name)) throw new Error(`There is no constant .${value.name}.`);
    return resolve(byName.get(value.name), byName);
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, byName));
  if (value instanceof Embed || value instanceof Word || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, resolve(field, byName)]),
  );
}
