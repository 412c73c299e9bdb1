import { DurableObject, restore } from 'cloudflare:workers';

export const handled = [];

export class Keeper extends DurableObject {
  async keep(word) {
    const stub = await this.ctx.restore({ word });
    await this.ctx.storage.put('stub', stub);
    stub[Symbol.dispose]();
  }
  async useKept() {
    return (await this.ctx.storage.get('stub'))();
  }
  [restore]({ word }) {
    return () => word.toUpperCase();
  }
}

export default {
  async fetch(request, env) {
    return new Response((await (await fetch('http://outside.example/')).text()) + env.TEXT);
  },
  scheduled(controller) {
    handled.push(['scheduled', controller.cron, controller.scheduledTime]);
    controller.noRetry();
  },
  queue(batch) {
    const [first, second, third] = batch.messages;
    handled.push(['queue', batch.queue, first.body, first.timestamp instanceof Date]);
    first.ack();
    second.retry({ delaySeconds: 5 });
    if (third) throw new Error('of the queue handler');
  },
};
