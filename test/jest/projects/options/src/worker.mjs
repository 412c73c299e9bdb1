import { DurableObject, restore } from 'cloudflare:workers';
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
  async keep(word) {
    const stub = await this.ctx.restore({ word });
    await this.ctx.storage.put('stub', stub);
    stub[Symbol.dispose]();
  }
  async useKept() {
    return (await this.ctx.storage.get('stub'))();
  }
  [restore]({ word }) {
    return () => shout(word);
  }
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
