// What runs beside a section that fails, before the object ends with it.
import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** After how many turns of the microtask queue the code beside it does its part. */
const turns = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 40];

const deeds = ['nothing', 'get', 'put', 'abort', 'section'];

const sections = {
  section: (ctx, run) => ctx.blockConcurrencyWhile(run),
  transaction: (ctx, run) => ctx.storage.transaction(run),
  'section in a section': (ctx, run) =>
    ctx.blockConcurrencyWhile(() => ctx.blockConcurrencyWhile(run)),
  'transaction in a section': (ctx, run) =>
    ctx.blockConcurrencyWhile(() => ctx.storage.transaction(run)),
};

const failures = {
  throws() {
    throw new RangeError('failed');
  },
  async rejects() {
    throw new RangeError('failed');
  },
  async 'rejects later'() {
    await null;
    throw new RangeError('failed');
  },
  async 'writes and rejects after a timer'(ctx) {
    await scheduler.wait(1);
    ctx.storage.kv.put('a', 'written last');
    throw new RangeError('failed');
  },
};

/** What the object saw; one program is one isolate. @type {string[]} */
let log = [];

const probes = {};
for (const section of Object.keys(sections))
  probes[section.replaceAll(' ', '-')] = async ({ FAILING }) => {
    const seen = {};
    for (const failure of Object.keys(failures))
      for (const deed of deeds)
        for (const after of turns) {
          const name = `${section}, ${failure}, ${deed}, ${after}`;
          log = [];
          const { text } = await attempt(() =>
            FAILING.getByName(name).run(section, failure, deed, after),
          );
          const { kept, starts } = await FAILING.getByName(name).look();
          seen[name] = `${text.replaceAll(/\s+/g, ' ')}; ${log.join()}; ${kept}, start ${starts}`;
        }
    return seen;
  };

export class Failing extends DurableObject {
  async look() {
    return { kept: await this.ctx.storage.get('a'), starts: this.isUsed ? 'of before' : 'anew' };
  }

  async run(section, failure, deed, after) {
    this.isUsed = true;
    await sections[section](this.ctx, () => {
      this.#beside(deed, after);
      return failures[failure](this.ctx);
    });
  }

  async #beside(deed, after) {
    const { ctx } = this;
    for (let i = 0; i < after; i += 1) await null;
    log.push(deed);
    if (deed === 'get') log.push(`got ${await ctx.storage.get('a')}`);
    if (deed === 'put') await ctx.storage.put('a', after);
    if (deed === 'abort') ctx.abort('ended');
    if (deed === 'section') await ctx.blockConcurrencyWhile(async () => log.push('in a section'));
    log.push('over');
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
