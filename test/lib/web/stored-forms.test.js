// The bytes of Headers, Request and Response in a row, as workerd 1.20261117 wrote them into its own database.
'use strict';

const { Headers, Request, Response } = require('../../../lib/web/internal');
const { deserialize, serialize } = require('../../../lib/storage/value-codec');

const stored = {
  'Headers with names that have numbers, and others': [
    () =>
      new Headers([
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['x-my', 'q'],
        ['accept', '1'],
        ['accept', '2'],
      ]),
    'ff0f5c0403050501310501322903613d312903623d320004782d6d790171',
  ],
  'Headers inside an object and an array': [
    () => ({ a: [new Headers({ a: 'b' })] }),
    'ff0f6f22016141015c04030100016101622400017b01',
  ],
  'the same Headers twice': [
    () => {
      const headers = new Headers({ a: 'b' });
      return [headers, headers];
    },
    'ff0f41025c04030100016101625e01240002',
  ],
  'a Request': [
    () => new Request('http://a.b/c?d=é', { headers: { x: 'y' } }),
    'ff0f5c0515687474703a2f2f612e622f633f643d2543332541396f22066d6574686f645f2207686561646572735c04030100017801792204626f647930220872656469726563745f2207666574636865725f220263665f220563616368655f2209696e746567726974795f22067369676e616c5f2212656e636f6465526573706f6e7365426f64795f7b0a',
  ],
  'a Request with method, cf and cache': [
    () => new Request('http://a.b/', { method: 'DELETE', cf: { a: 1 }, cache: 'no-store' }),
    'ff0f5c050b687474703a2f2f612e622f6f22066d6574686f64220644454c4554452207686561646572735c0403002204626f647930220872656469726563745f2207666574636865725f220263666f22016149027b012205636163686522086e6f2d73746f72652209696e746567726974795f22067369676e616c5f2212656e636f6465526573706f6e7365426f64795f7b0a',
  ],
  'a Response': [
    () => new Response(null),
    'ff0f5c06306f22067374617475735f220a737461747573546578745f2207686561646572735c040300220263665f2209776562536f636b65745f220a656e636f6465426f64795f7b06',
  ],
  'a Response with status, text, cf and encodeBody': [
    () =>
      new Response(null, {
        status: 204,
        statusText: 'Nope',
        headers: { x: 'y' },
        cf: { b: 2 },
        encodeBody: 'manual',
      }),
    'ff0f5c06306f2206737461747573499803220a7374617475735465787422044e6f70652207686561646572735c0403010001780179220263666f22016249047b012209776562536f636b65745f220a656e636f6465426f647922066d616e75616c7b06',
  ],
  'Response.error()': [
    () => Response.error(),
    'ff0f5c06306f22067374617475734900220a737461747573546578745f2207686561646572735c040300220263665f2209776562536f636b65745f220a656e636f6465426f64795f7b06',
  ],
  'Response.redirect(), whose Headers are immutable': [
    () => Response.redirect('http://x.y/'),
    'ff0f5c06306f220673746174757349dc04220a737461747573546578745f2207686561646572735c040001200b687474703a2f2f782e792f220263665f2209776562536f636b65745f220a656e636f6465426f64795f7b06',
  ],
};

test.each(Object.entries(stored))('S3.8.1 %s', (_, [make, bytes]) => {
  expect(Buffer.from(serialize(make())).toString('hex')).toBe(bytes);
  // Headers that belong to a Response or Request are given to its constructor, which makes new ones.
  const back = deserialize(Buffer.from(bytes, 'hex'));
  if (!bytes.includes('5c0400')) expect(Buffer.from(serialize(back)).toString('hex')).toBe(bytes);
});

test('S3.8.1 what is not known is named', () => {
  expect(() => deserialize(Buffer.from('ff0f5c0d', 'hex'))).toThrow(
    'A stored object of kind 13 is not supported by Holdfast.',
  );
  expect(() => deserialize(Buffer.from('ff0f5c0403013001310132', 'hex'))).toThrow(
    'A stored header with the number 48 is not supported by Holdfast.',
  );
});
