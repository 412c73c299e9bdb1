// WebCrypto in an order that a seed determines: digests, keys that are made, imported, exported, wrapped and derived, what they do, and what
// is refused. What is refused is compared, not with which error: the engines check in an order of their own.
import { Random } from '../random.js';
import { Step, brief, run } from './steps.js';

const steps = 25;
const { subtle } = crypto;
const bytes = (length, first = 0) => new Uint8Array(length).map((_, i) => (i * 7 + first) & 255);
const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const data = [
  () => bytes(0),
  () => bytes(5),
  () => bytes(40, 3),
  () => bytes(16).buffer,
  () => new DataView(new ArrayBuffer(6), 2),
];
const jwk = (k, more) => ({ kty: 'oct', k, ...more });

/** What a key can be imported from: format, data, algorithm, and uses that fit. */
const imports = [
  ['raw', () => bytes(16), { name: 'AES-GCM' }, ['encrypt', 'decrypt']],
  ['raw', () => bytes(32, 1), { name: 'AES-CBC' }, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']],
  ['raw', () => bytes(16, 2), { name: 'AES-CTR' }, ['encrypt', 'decrypt']],
  ['raw', () => bytes(16, 2), 'AES-KW', ['wrapKey', 'unwrapKey']],
  ['raw', () => bytes(15), 'AES-GCM', ['encrypt']],
  ['raw', () => bytes(20), { name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify']],
  ['raw', () => bytes(20), { name: 'hmac', hash: { name: 'sha-512' } }, ['sign', 'verify']],
  ['raw', () => bytes(0), { name: 'HMAC', hash: 'SHA-1' }, ['sign']],
  ['raw', () => bytes(20), { name: 'HMAC' }, ['sign']],
  ['raw', () => bytes(20), { name: 'HMAC', hash: 'SHA-3' }, ['sign']],
  ['raw', () => bytes(8), 'PBKDF2', ['deriveBits', 'deriveKey']],
  ['raw', () => bytes(8), 'HKDF', ['deriveBits', 'deriveKey']],
  ['jwk', () => jwk('AAECAwQFBgcICQoLDA0ODw'), 'AES-GCM', ['encrypt', 'decrypt']],
  [
    'jwk',
    () => jwk('AAECAwQFBgcICQoLDA0ODw', { alg: 'A128GCM', ext: true, key_ops: ['encrypt'] }),
    'AES-GCM',
    ['encrypt'],
  ],
  ['jwk', () => jwk('AAECAwQFBgcICQoLDA0ODw', { alg: 'A256GCM' }), 'AES-GCM', ['encrypt']],
  [
    'jwk',
    () => jwk('AAECAwQF', { alg: 'HS256' }),
    { name: 'HMAC', hash: 'SHA-256' },
    ['sign', 'verify'],
  ],
  ['jwk', () => jwk('AAECAwQF', { ext: false }), { name: 'HMAC', hash: 'SHA-256' }, ['sign']],
  ['jwk', () => ({ kty: 'RSA' }), { name: 'HMAC', hash: 'SHA-256' }, ['sign']],
  ['jwk', () => jwk('!!'), 'AES-GCM', ['encrypt']],
  ['raw', () => bytes(32), 'Ed25519', ['verify']],
  ['raw', () => bytes(32), { name: 'ECDSA', namedCurve: 'P-256' }, ['verify']],
  ['pkcs8', () => bytes(9), { name: 'RSA-PSS', hash: 'SHA-256' }, ['sign']],
  ['spki', () => bytes(9), { name: 'ECDH', namedCurve: 'P-256' }, []],
  ['text', () => bytes(16), 'AES-GCM', ['encrypt']],
  ['raw', () => 'text', 'AES-GCM', ['encrypt']],
  ['raw', () => bytes(16), 'AES-XYZ', ['encrypt']],
  ['raw', () => bytes(16), 'AES-GCM', []],
  ['raw', () => bytes(16), 'AES-GCM', ['sign']],
  ['raw', () => bytes(16), 'AES-GCM', ['fly']],
];
const generations = [
  [{ name: 'AES-GCM', length: 128 }, ['encrypt', 'decrypt']],
  [{ name: 'AES-CBC', length: 256 }, ['encrypt', 'decrypt', 'wrapKey']],
  [{ name: 'AES-GCM', length: 100 }, ['encrypt']],
  [{ name: 'AES-GCM', length: 128 }, []],
  [{ name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify']],
  [{ name: 'HMAC', hash: 'SHA-256', length: 64 }, ['sign', 'verify']],
  [{ name: 'HMAC', hash: 'SHA-256' }, ['encrypt']],
  [{ name: 'ECDSA', namedCurve: 'P-256' }, ['sign', 'verify']],
  [{ name: 'ECDSA', namedCurve: 'P-999' }, ['sign']],
  [{ name: 'ECDH', namedCurve: 'P-384' }, ['deriveBits']],
  [{ name: 'Ed25519' }, ['sign', 'verify']],
  ['X25519', ['deriveKey', 'deriveBits']],
  ['nonsense', ['sign']],
];
const ciphers = [
  { name: 'AES-GCM', iv: bytes(12) },
  { name: 'AES-GCM', iv: bytes(12), additionalData: bytes(3), tagLength: 96 },
  { name: 'AES-GCM', iv: bytes(12), tagLength: 17 },
  { name: 'AES-GCM' },
  { name: 'AES-CBC', iv: bytes(16) },
  { name: 'AES-CBC', iv: bytes(15) },
  { name: 'AES-CTR', counter: bytes(16), length: 64 },
  { name: 'AES-CTR', counter: bytes(16), length: 0 },
  'AES-GCM',
  'RSA-OAEP',
];
const derivations = [
  { name: 'PBKDF2', salt: bytes(8), iterations: 10, hash: 'SHA-256' },
  { name: 'PBKDF2', salt: bytes(0), iterations: 1, hash: 'SHA-1' },
  { name: 'PBKDF2', salt: bytes(8), iterations: 0, hash: 'SHA-256' },
  { name: 'HKDF', salt: bytes(8), info: bytes(2), hash: 'SHA-256' },
  { name: 'HKDF', salt: bytes(0), info: bytes(0), hash: 'SHA-512' },
  { name: 'HKDF', salt: bytes(8), hash: 'SHA-256' },
  'PBKDF2',
];
const derived = [
  { name: 'AES-GCM', length: 256 },
  { name: 'HMAC', hash: 'SHA-256' },
  { name: 'HMAC', hash: 'SHA-256', length: 160 },
  'AES-GCM',
];

/** Members of a plain object in an order of their own, without those that are undefined. */
const sorted = (object) =>
  Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));

const shown = (key) =>
  key instanceof CryptoKey
    ? brief([key.type, key.extractable, sorted(key.algorithm), [...key.usages].sort()])
    : sorted(key).map(([part, one]) => `${part} ${shown(one)}`);

/** A step that ends with what it gives or with `refused`. */
const step = (text, act) =>
  new Step(text, async () => {
    try {
      return await act();
    } catch {
      return 'refused';
    }
  });

class Keys {
  log = [];
  #r;
  #keys = [];
  #sealed = bytes(32);

  constructor(seed) {
    this.#r = new Random(seed);
  }

  async run() {
    for (let i = 0; i < steps; i++) this.log.push(await run(i < 4 ? this.#import() : this.#any()));
  }

  /** Keys of fixed contents: what they give is the same everywhere. */
  #keep(at, key) {
    this.#keys[at] = key;
    return shown(key);
  }

  #import() {
    const r = this.#r;
    const [format, make, algorithm, uses] = r.pick(imports);
    const [at, extractable] = [r.below(4), r.chance(75)];
    const source = make();
    return step(
      `${at}: import ${brief([format, source, algorithm, extractable, uses])}`,
      async () =>
        this.#keep(at, await subtle.importKey(format, source, algorithm, extractable, uses)),
    );
  }

  #generate() {
    const r = this.#r;
    const [algorithm, uses] = r.pick(generations);
    const extractable = r.chance(70);
    return step(`generate ${brief([algorithm, extractable, uses])}`, async () => {
      const made = await subtle.generateKey(algorithm, extractable, uses);
      const key = made.privateKey ?? made;
      if (!['ECDSA', 'Ed25519', 'HMAC'].includes(key.algorithm.name)) return shown(made);
      const how = { name: key.algorithm.name, hash: 'SHA-256' };
      const signature = await subtle.sign(how, key, bytes(4));
      const verifier = made.publicKey ?? made;
      const right = await subtle.verify(how, verifier, signature, bytes(4));
      return [
        shown(made),
        signature.byteLength,
        right,
        await subtle.verify(how, verifier, signature, bytes(5)),
      ];
    });
  }

  #use() {
    const r = this.#r;
    const at = r.below(4);
    const key = () => this.#keys[at];
    const [make, cipher] = [r.pick(data), r.pick(ciphers)];
    const algorithm = r.pick([
      'HMAC',
      'HMAC',
      { name: 'HMAC' },
      'ECDSA',
      { name: 'ECDSA', hash: 'SHA-256' },
      5,
    ]);
    return r.weighted([
      [
        5,
        () =>
          step(`encrypt ${at} ${brief([cipher, make()])}`, async () => {
            this.#sealed = await subtle.encrypt(cipher, key(), make());
            return this.#sealed;
          }),
      ],
      [
        3,
        () =>
          step(`decrypt ${at} ${brief([cipher])}`, () =>
            subtle.decrypt(cipher, key(), this.#sealed),
          ),
      ],
      [
        3,
        () =>
          step(`sign ${at} ${brief([algorithm, make()])}`, () =>
            subtle.sign(algorithm, key(), make()),
          ),
      ],
      [
        2,
        () =>
          step(`verify ${at} ${brief([algorithm])}`, async () => {
            const signature = await subtle.sign(algorithm, key(), make());
            return subtle.verify(algorithm, key(), r.chance(50) ? signature : bytes(32), make());
          }),
      ],
      [3, () => this.#derive(at)],
      [
        3,
        () => {
          const format = r.pick(['raw', 'jwk', 'pkcs8', 'spki', 'text']);
          return step(`export ${at} ${format}`, async () => {
            const given = await subtle.exportKey(format, key());
            return format === 'jwk' ? sorted(given) : given;
          });
        },
      ],
      [
        2,
        () => {
          const [format, other] = [r.pick(['raw', 'jwk']), r.below(4)];
          const wrapping = r.pick([...ciphers, 'AES-KW']);
          return step(`wrap ${other} by ${at} ${brief([format, wrapping])}`, () =>
            subtle.wrapKey(format, this.#keys[other], key(), wrapping),
          );
        },
      ],
    ])();
  }

  #derive(at) {
    const r = this.#r;
    const [algorithm, target] = [r.pick(derivations), r.pick(derived)];
    const length = r.pick([128, 256, 0, 7, null, undefined, 512]);
    const key = () => this.#keys[at];
    if (r.chance(60))
      return step(`derive bits ${at} ${brief([algorithm, length])}`, () =>
        subtle.deriveBits(algorithm, key(), length),
      );
    return step(`derive key ${at} ${brief([algorithm, target])}`, async () => {
      const uses = target.name === 'HMAC' ? ['sign'] : ['encrypt'];
      const made = await subtle.deriveKey(algorithm, key(), target, true, uses);
      return [shown(made), await subtle.exportKey('raw', made)];
    });
  }

  #digest() {
    const r = this.#r;
    const name = r.pick([...hashes, 'MD5', 'sha-256', { name: 'SHA-256' }, 'SHA-3', undefined]);
    const chunks = r.list(3, () => r.pick(data)());
    const make = r.pick([...data, () => 'text', () => undefined]);
    return r.weighted([
      [3, () => step(`digest ${brief([name, make()])}`, () => subtle.digest(name, make()))],
      [
        2,
        () =>
          step(`digest stream ${brief([name])} ${brief(chunks)}`, async () => {
            const stream = new crypto.DigestStream(name);
            const writer = stream.getWriter();
            for (const chunk of chunks) await writer.write(chunk);
            await writer.close();
            return [await stream.digest, stream.bytesWritten];
          }),
      ],
    ])();
  }

  #random() {
    const r = this.#r;
    const [a, b] = [r.pick(data)(), r.pick(data)()];
    const into = r.pick([
      () => new Uint8Array(4),
      () => new Int32Array(2),
      () => new BigUint64Array(1),
      () => new Float32Array(1),
      () => new DataView(new ArrayBuffer(2)),
      () => new Uint8Array(65_537),
      () => new ArrayBuffer(3),
      () => [1, 2],
      () => undefined,
    ]);
    return r.pick([
      step('getRandomValues', () => {
        const view = into();
        const given = crypto.getRandomValues(view);
        return [given === view, given.constructor.name, given.byteLength];
      }),
      step('randomUUID', () => {
        const id = crypto.randomUUID();
        return [
          /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id),
          id === crypto.randomUUID(),
        ];
      }),
      step(`timingSafeEqual ${brief([a, b])}`, () => subtle.timingSafeEqual(a, b)),
      step(`timingSafeEqual of the same ${brief([a])}`, () => subtle.timingSafeEqual(a, a)),
    ]);
  }

  #kept() {
    const format = this.#r.pick(['raw', 'jwk']);
    return new Step(`export ${format} of a key that is not extractable`, async () => {
      const key = await subtle.importKey('raw', bytes(16), 'AES-GCM', false, ['encrypt']);
      return subtle.exportKey(format, key);
    });
  }

  #any() {
    return this.#r.weighted([
      [5, () => this.#import()],
      [2, () => this.#generate()],
      [12, () => this.#use()],
      [4, () => this.#digest()],
      [3, () => this.#random()],
      [1, () => this.#kept()],
    ])();
  }
}

export default {
  async fetch(request) {
    const keys = new Keys(Number(new URL(request.url).pathname.slice(1)));
    await keys.run();
    return new Response(keys.log.join('\n'));
  },
};
