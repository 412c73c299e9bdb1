import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

export const cases = probeCases({
  'readable-argument': 'S7.5.3 a ReadableStream as argument',
  'readable-result': 'S7.5.3 a ReadableStream as result',
  'readable-locked': 'S7.5.4 a stream that was sent is locked',
  'readable-locked-before': 'S7.5.4 a locked stream cannot be sent',
  'readable-empty': 'S7.5.3 an empty stream',
  'readable-error': 'S7.5.4 a stream that fails at its source',
  'readable-cancel': 'S7.5.3 the receiver cancels',
  'readable-not-read': 'S7.5.3 a stream that nobody reads',
  'readable-inside': 'S7.5.3 streams inside a result',
  'readable-twice': 'S7.5.3 one stream twice',
  'readable-through': 'S7.5.3 a stream that passes through an object',
  'readable-after': 'S7.5.3 a stream is read after the call',
  'byob-reader': 'S7.5.4 the received stream is a byte stream',
  'chunk-kinds': 'S7.5.4 what a chunk may be',
  text: 'S7.5.4 a stream of strings',
  'text-result': 'S7.5.4 a stream of objects as result',
  large: 'S7.5.3 a stream of some megabytes',
  'readable-pressure': 'S7.5.3 a slow reader holds the source back',
  'read-ahead': 'S7.5.3 how far the source is ahead of the reader',
  'echo-pair': 'S7.5.3 both ends at the caller, written before it is read',
  'writable-pressure': 'S7.5.3 a slow sink holds the writer back',
  'writable-argument': 'S7.5.3 a WritableStream as argument',
  'writable-result': 'S7.5.3 a WritableStream as result',
  'writable-locked': 'S7.5.4 a locked WritableStream',
  'writable-abort': 'S7.5.3 the writer aborts',
  'writable-error': 'S7.5.3 a sink that fails',
  identity: 'S7.5.3 both ends of an IdentityTransformStream',
  'body-argument': 'S7.5.3 the body of a Response',
});
