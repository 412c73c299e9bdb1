import { DurableObject } from 'cloudflare:workers';

/** Each scenario has an object of its own: the path is `/<behaviour>/<action>`. */
export class Alarmed extends DurableObject {
  async fetch(request) {
    const [, behaviour, action] = new URL(request.url).pathname.split('/');
    const { storage } = this.ctx;
    if (action === 'set') {
      await storage.put('behaviour', behaviour);
      await storage.setAlarm(
        Date.now() + Number(new URL(request.url).searchParams.get('in') ?? 50),
      );
      return new Response('set');
    }
    if (action === 'delete') {
      await storage.deleteAlarm();
      return new Response('deleted');
    }
    const runs = (await storage.get('runs')) ?? [];
    return Response.json({ count: runs.length, runs, alarm: await this.#alarmState() });
  }

  async alarm(info) {
    const { storage } = this.ctx;
    const runs = (await storage.get('runs')) ?? [];
    const first = (await storage.get('first')) ?? info.scheduledTime;
    runs.push({
      retryCount: info.retryCount,
      isRetry: info.isRetry,
      keys: Object.keys(info),
      early: Date.now() < info.scheduledTime,
      alarmInside: await this.#alarmState(),
      name: this.ctx.id.name,
      sameTimeAsFirst: info.scheduledTime === first,
    });
    await storage.put({ runs, first });
    await this.#behave(await storage.get('behaviour'), runs.length - 1);
  }

  async #alarmState() {
    const time = await this.ctx.storage.getAlarm();
    if (time === null) return 'none';
    return time > Date.now() ? 'future' : 'past';
  }

  async #behave(behaviour, earlierRuns) {
    const { storage } = this.ctx;
    switch (behaviour) {
      case 'again':
        if (earlierRuns < 2) await storage.setAlarm(Date.now() + 10);
        break;
      case 'fail-once':
        if (earlierRuns === 0) throw new Error('first run fails');
        break;
      case 'fail-and-set':
        if (earlierRuns === 0) {
          await storage.setAlarm(Date.now() + 100);
          throw new Error('fails after setAlarm');
        }
        break;
      case 'fail-and-delete':
        if (earlierRuns === 0) {
          await storage.deleteAlarm();
          throw new Error('fails after deleteAlarm');
        }
        break;
      case 'abort-once':
        if (earlierRuns === 0) {
          await storage.sync();
          this.ctx.abort('aborted in alarm');
        }
        break;
    }
  }
}

export default {
  fetch(request, env) {
    const [, behaviour] = new URL(request.url).pathname.split('/');
    return env.ALARMED.getByName(behaviour).fetch(request);
  },
};
