export const handled = [];

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
