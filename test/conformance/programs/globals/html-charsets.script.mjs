import { probeCases } from '../../harness/probes.mjs';

export const config = {};

export const cases = probeCases({
  singles: 'S9.2 HTMLRewriter: encodings of one byte',
  wides: 'S9.2 HTMLRewriter: encodings of several bytes',
  chunks: 'S9.2 HTMLRewriter: a character in two chunks',
  untouched: 'S9.2 HTMLRewriter: text that nobody asks for',
  selectors: 'S9.2 HTMLRewriter: selectors that are not ASCII',
  names: 'S9.2 HTMLRewriter: names that the encoding does not have',
  'names-that-fit': 'S9.2 HTMLRewriter: a name that is not ASCII',
  comments: 'S9.2 HTMLRewriter: comments that the encoding does not have',
  text: 'S9.2 HTMLRewriter: text that the encoding does not have',
  document: 'S9.2 HTMLRewriter: handlers of a document',
  'from-streams': 'S9.2 HTMLRewriter: content from a stream is UTF-8',
  labels: 'S9.2 HTMLRewriter: names of an encoding',
});
