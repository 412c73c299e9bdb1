'use strict';
// installLog: what `console` prints in a process that serves: lines of objects say whose they are, and with the format 'json' each call is one
// line for a program to read. Everything the runtime and Workers say goes through `console`, so nothing else needs to know.

const { Console } = require('node:console');
const { Writable } = require('node:stream');
const { current } = require('../current');
const { jsonLine, labelled } = require('./log-lines');

/** Those that print a message of their arguments. */
const LABELLED = /** @type {const} */ (['debug', 'error', 'info', 'log', 'trace', 'warn']);

/** @type {Record<string, import('./log-lines').Level>} of the others than those: 'log' */
const LEVELS = { ...Object.fromEntries(LABELLED.map((name) => [name, name])), assert: 'error' };

/** @returns {import('./log-lines').Origin} of the code that runs now */
function originOf() {
  const { context } = current;
  if (context === undefined) return {};
  if (!context.isObject) return { worker: context.worker.name };
  const { id } = /** @type {any} */ (context.ctx);
  const named = id.name === undefined ? {} : { name: id.name };
  return { namespace: context.namespace.className, id: String(id), ...named };
}

/**
 * @param {'text' | 'json'} format
 * @param {object} [to]
 * @param {any} [to.console] whose methods are replaced
 * @param {{write(text: string): unknown}} [to.stdout] of the lines in JSON; what goes where is as without this
 * @param {{write(text: string): unknown}} [to.stderr]
 */
function installLog(format, to = {}) {
  const { console: target = console, stdout = process.stdout, stderr = process.stderr } = to;
  if (format === 'text') {
    for (const name of LABELLED) {
      const print = target[name];
      target[name] = (/** @type {any[]} */ ...args) => print(...labelled(args, originOf()));
    }
    return;
  }
  /** @type {import('./log-lines').Level} */
  let level = 'log';
  const lines = (/** @type {{write(text: string): unknown}} */ stream) =>
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        stream.write(jsonLine(level, String(text).replace(/\n$/, ''), originOf(), Date.now()));
        done();
      },
    });
  const made = /** @type {any} */ (
    new Console({ stdout: lines(stdout), stderr: lines(stderr), colorMode: false })
  );
  for (const name of Object.keys(made)) {
    if (typeof made[name] !== 'function') continue;
    target[name] = (/** @type {any[]} */ ...args) => {
      level = LEVELS[name] ?? 'log';
      made[name](...args);
    };
  }
}

module.exports = { installLog };
