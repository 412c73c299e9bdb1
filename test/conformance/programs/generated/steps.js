// steps.js: what the generated programs share: steps that a seed chooses before any of them runs, and the log of their outcomes.
import { attempt, show } from '../probe.js';

/** One step: what it is called, and what it does. */
export class Step {
  /**
   * @param {string} text
   * @param {() => unknown} act
   * @param {'text' | 'name'} [errors] whether an error is shown with its text, or by its name alone: the text is the engine's
   */
  constructor(text, act, errors = 'text') {
    this.text = text;
    this.act = act;
    this.errors = errors;
  }
}

/** show() in one line. */
export const line = (value) => show(value).toWellFormed().replaceAll(/\n */g, ' ');

export function shorten(text) {
  return text.length < 100 ? text : `${text.slice(0, 40)}… ${text.length}`;
}

export const brief = (args) => args.map((arg) => shorten(line(arg))).join(', ');

/** @param {Step} step @param {string} [indent] @returns {Promise<string>} */
export async function run({ text, act, errors }, indent = '') {
  const outcome = line(await attempt(act));
  return `${indent}${text} -> ${errors === 'text' ? outcome : withoutText(outcome)}`;
}

/** @param {string} outcome of a step whose errors are the engine's */
function withoutText(outcome) {
  return /^(threw|rejected) [A-Z]\w*Error: /.test(outcome)
    ? outcome.slice(0, outcome.indexOf(': '))
    : outcome;
}
