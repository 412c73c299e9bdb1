// RawSocket: a WebSocket client that writes frames as bytes, right or wrong, and writes down what it is sent.
import { once } from 'node:events';
import net from 'node:net';
import { hostHeader } from './http-client.mjs';

const names = { 0: 'continuation', 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };
const pingOpcode = 9;
const pongOpcode = 10;
const refusals = [1002, 1007, 1009];
const handshakeEnd = '\r\n\r\n';

/**
 * @typedef {object} Frame
 * @property {number} opcode
 * @property {string} [payload] latin1
 * @property {boolean} [fin] default true
 * @property {number} [rsv] the three bits
 * @property {boolean} [masked] default true
 * @property {7 | 16 | 64} [lengthBits] default: the shortest
 * @property {string} [lengthBytes] latin1, instead of the length
 */

/** @param {Frame} frame @returns {Buffer} */
export function frameBytes({
  opcode,
  payload = '',
  fin = true,
  rsv = 0,
  masked = true,
  lengthBits,
  lengthBytes,
}) {
  const data = Buffer.from(payload, 'latin1');
  const bits = lengthBits ?? (data.length < 126 ? 7 : data.length < 65_536 ? 16 : 64);
  const length =
    lengthBytes === undefined ? lengthOf(data.length, bits) : Buffer.from(lengthBytes, 'latin1');
  const first = bits === 7 ? data.length : bits === 16 ? 126 : 127;
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode, (masked ? 0x80 : 0) | first]);
  if (!masked) return Buffer.concat([head, length, data]);
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  return Buffer.concat([head, length, mask, data.map((byte, i) => byte ^ mask[i & 3])]);
}

function lengthOf(size, bits) {
  const bytes = Buffer.alloc(bits === 7 ? 0 : bits / 8);
  if (bits === 16) bytes.writeUInt16BE(size);
  if (bits === 64) bytes.writeBigUInt64BE(BigInt(size));
  return bytes;
}

export class RawSocket {
  #socket;
  #unread = Buffer.alloc(0);
  #open = false;
  #over = false;
  /** What came, in order: a line each. */
  events = [];

  /**
   * @param {number} port
   * @param {string} path
   * @param {Buffer} [behind] what is sent with the handshake, before its answer
   * @returns {Promise<RawSocket>} after the handshake
   */
  static async connect(port, path, behind = Buffer.alloc(0)) {
    const raw = new RawSocket();
    await raw.#connect(port, path, behind);
    return raw;
  }

  async #connect(port, path, behind) {
    this.#socket = net.connect(port, '127.0.0.1');
    await once(this.#socket, 'connect');
    this.#socket.setNoDelay();
    const answered = new Promise((resolve) => {
      const end = () => {
        if (!this.#over) this.events.push('ended');
        this.#over = true;
        resolve();
      };
      this.#socket.on('data', (bytes) => {
        if (!this.#over) this.#read(bytes);
        if (this.#open) resolve();
      });
      this.#socket.on('end', end);
      this.#socket.on('error', end);
    });
    const head =
      `GET ${path} HTTP/1.1\r\nHost: ${hostHeader}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    this.#socket.write(Buffer.concat([Buffer.from(head), behind]));
    await answered;
  }

  /** @param {Buffer} bytes */
  write(bytes) {
    if (!this.#over) this.#socket.write(bytes);
  }

  /** @param {'finishes' | 'resets'} how */
  leave(how) {
    this.#over = true;
    if (how === 'finishes') this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  terminate() {
    this.#over = true;
    this.#socket.destroy();
  }

  #read(bytes) {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    if (!this.#open && !this.#readHandshake()) return;
    for (let size = this.#frame(); size > 0; size = this.#frame())
      this.#unread = this.#unread.subarray(size);
  }

  #readHandshake() {
    const end = this.#unread.indexOf(handshakeEnd);
    if (end < 0) return false;
    this.events.push(this.#unread.toString('latin1', 0, this.#unread.indexOf('\r\n')));
    this.#unread = this.#unread.subarray(end + handshakeEnd.length);
    this.#open = true;
    return true;
  }

  /** @returns {number} bytes of the first frame; 0: it is not all here */
  #frame() {
    const all = this.#unread;
    if (all.length < 2) return 0;
    const short = all[1] & 0x7f;
    const at = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (all.length < at) return 0;
    const size =
      short === 127 ? Number(all.readBigUInt64BE(2)) : short === 126 ? all.readUInt16BE(2) : short;
    if (all.length < at + size) return 0;
    const payload = all.subarray(at, at + size);
    // A server may look whether its peer lives: that is between the two.
    if ((all[0] & 15) === pingOpcode) {
      this.write(frameBytes({ opcode: pongOpcode, payload: payload.toString('latin1') }));
    } else this.events.push(shown(all[0], payload));
    return at + size;
  }
}

/** @param {number} first byte of the frame @param {Buffer} payload */
function shown(first, payload) {
  const opcode = first & 15;
  const odd = (first & 0xf0) === 0x80 ? '' : ` (${(first >> 4).toString(2)})`;
  const name = `${names[opcode] ?? opcode}${odd}`;
  if (opcode === 8 && payload.length >= 2) {
    const code = payload.readUInt16BE(0);
    // What a server says of frames that it refuses is its own.
    const isRefusal = refusals.includes(code) && payload.length > 12;
    return `${name} ${code} ${isRefusal ? '…' : JSON.stringify(payload.toString('utf8', 2))}`;
  }
  if (opcode === 2)
    return `${name} ${payload.length < 40 ? payload.toString('hex') : payload.length}`;
  return `${name} ${payload.length < 400 ? JSON.stringify(payload.toString('utf8')) : payload.length}`;
}
