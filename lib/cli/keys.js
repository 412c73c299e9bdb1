// Keys of `holdfast dev` on a terminal, as in wrangler dev: b opens a browser, c clears, x and Ctrl-C end; h and ? say so.
'use strict';

const { latePackage } = require('../late-package');

/** @type {() => typeof import('node:child_process')} */
const childProcess = latePackage('node:child_process');
/** @type {() => typeof import('node:readline')} */
const readline = latePackage('node:readline');

/** The whole screen, what scrolled away, and the cursor to the corner. */
const CLEAR = '\x1b[2J\x1b[3J\x1b[H';
const HELP = 'Keys: b opens a browser, c clears, h shows this, x ends\n';
const OPENERS = { darwin: 'open', win32: 'explorer' };

/**
 * @typedef {object} KeyActions
 * @property {() => string | undefined} url where the server is, once it is ready
 * @property {(url: string) => void} openBrowser
 * @property {(text: string) => void} write to the terminal
 * @property {() => void} end
 */

/**
 * What a key does; others do nothing.
 * @param {{name?: string, ctrl?: boolean, sequence?: string}} key
 * @param {KeyActions} actions
 */
function pressKey({ name, ctrl, sequence }, { url, openBrowser, write, end }) {
  if (name === 'x' || (ctrl && name === 'c')) return end();
  if (name === 'c') return write(CLEAR);
  if (name === 'h' || sequence === '?') return write(HELP);
  const address = url();
  if (name === 'b' && address !== undefined) openBrowser(address);
}

/**
 * Listens where a terminal is attached; elsewhere it does nothing.
 * @param {NodeJS.ReadStream} input
 * @param {KeyActions} actions
 */
function listenToKeys(input, actions) {
  if (!input.isTTY) return;
  readline().emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', (_text, key) => pressKey(key, actions));
  input.resume();
  actions.write(HELP);
}

/** @param {string} url */
function openBrowser(url) {
  const opener = Reflect.get(OPENERS, process.platform) ?? 'xdg-open';
  const child = childProcess().spawn(opener, [url], { stdio: 'ignore', detached: true });
  // A machine without a browser is no reason to end.
  child.on('error', () => {});
  child.unref();
}

module.exports = { listenToKeys, openBrowser, pressKey };
