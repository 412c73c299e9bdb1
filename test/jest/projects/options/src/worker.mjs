import { DurableObject } from 'cloudflare:workers';
import { shout } from '@lib/shout.js';
import page from './page.txt';
import bytes from './data.bin';
import data from './data.json';

export class Room extends DurableObject {
  async fetch() {
    return new Response(shout(page.trim()));
  }
  realm() {
    return [{}, new Map(), new Date(0), new Uint8Array(2), /x/g, new Error('e')];
  }
}

export class Other extends DurableObject {
  sql() {
    return this.ctx.storage.sql.exec('SELECT 1 AS one').one();
  }
}

export const url = import.meta.url;
export const lazy = (name) => import(`./lib/${name}.js`);
export { bytes, data };

export default {
  fetch: (request, env) => env.ROOM.getByName('a').fetch(request),
};
