// The chat in two real browsers: they talk, the room sleeps and wakes, the server goes and comes back.
'use strict';

const { startServer, temporaryDirectory } = require('../support/server.js');
const { untilEvicted } = require('../support/eviction.js');
const { launchBrowser, newPage } = require('./browser.js');

const IDLE_EVICTION_MS = 700;

/** @param {{dataDirectory: string, port?: number, vars?: Record<string, string>}} options */
function startChat({ dataDirectory, port = 0, vars = {} }) {
  return startServer({
    project: 'examples/chat',
    args: [
      ...['--port', String(port), '--data-dir', dataDirectory],
      ...['--idle-eviction-ms', String(IDLE_EVICTION_MS)],
      ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ],
  });
}

/** One person with a browser of their own, doing what people do. */
class Person {
  /** @param {import('playwright-core').Page} page @param {string[]} problems */
  constructor(page, problems) {
    this.page = page;
    this.problems = problems;
  }

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {string} url
   * @param {string} nick
   * @param {string} room
   */
  static async enter(browser, url, nick, room, options = {}) {
    const { page, problems } = await newPage(browser, options);
    const person = new Person(page, problems);
    await page.goto(url);
    await page.getByLabel('Your nick').fill(nick);
    await page.getByLabel('Room', { exact: true }).fill(room);
    await page.getByRole('button', { name: 'Enter' }).click();
    await person.isOnline();
    return person;
  }

  isOnline() {
    return this.page.locator('#state[data-state="online"]').waitFor();
  }

  isOffline() {
    return this.page.locator('#state:not([data-state="online"])').waitFor();
  }

  /** @param {string} text */
  async says(text) {
    await this.page.getByLabel('Message', { exact: true }).fill(text);
    await this.page.getByLabel('Message', { exact: true }).press('Enter');
  }

  /** @param {string} text */
  sees(text) {
    return this.page.locator('.message:not(.pending) .text', { hasText: text }).waitFor();
  }

  /** @param {string} nick */
  seesMember(nick) {
    return this.page.locator('#members .nick', { hasText: nick }).waitFor({ state: 'attached' });
  }

  /** @param {string} nick */
  missesMember(nick) {
    return this.page.locator('#members .nick', { hasText: nick }).waitFor({ state: 'detached' });
  }

  texts() {
    return this.page.locator('.message:not(.pending) .text').allTextContents();
  }
}

/** @param {string} url @param {string} room */
async function statsOf(url, room) {
  const response = await fetch(`${url}/api/room/${room}/stats`);
  expect(response.status).toBe(200);
  return response.json();
}

/**
 * @param {string} url
 * @param {string} room
 * @param {string} instance
 */
function untilAnotherInstance(url, room, instance) {
  const isNew = (/** @type {{instance: string}} */ stats) => stats.instance !== instance;
  return untilEvicted(() => statsOf(url, room), isNew, IDLE_EVICTION_MS);
}

describe('examples/chat', () => {
  /** @type {import('playwright-core').Browser} */
  let browser;
  /** @type {import('../support/server.js').Server | undefined} */
  let server;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server?.kill();
    server = undefined;
  });
  afterAll(() => browser?.close());

  test('two browsers talk, through a hibernation and a restart (S2.2, S6.11.6, S2.4)', async () => {
    const dataDirectory = temporaryDirectory('chat');
    server = await startChat({ dataDirectory });
    const { url, port } = server;
    const ada = await Person.enter(browser, url, 'Ada', 'Kitchen');
    const phone = { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true };
    const bob = await Person.enter(browser, url, 'Bob', 'kitchen', phone);

    // They see each other and what each of them says.
    await Promise.all([ada.seesMember('Bob'), bob.seesMember('Ada')]);
    await ada.says('Is the coffee on?');
    await bob.sees('Is the coffee on?');
    await bob.says('Always. <img src=x onerror="alert(1)">');
    await ada.sees('<img src=x onerror="alert(1)">');
    const first = await statsOf(url, 'kitchen');
    expect(first).toMatchObject({ room: 'kitchen', connections: 2, messages: 2 });

    // The room is evicted; the connections stay, with what is attached to them.
    const second = await untilAnotherInstance(url, 'kitchen', first.instance);
    expect(second.instanceStartedAt).toBeGreaterThan(first.instanceStartedAt);
    expect(second.members).toEqual(first.members);
    await untilAnotherInstance(url, 'kitchen', second.instance);
    await ada.says('Said to a sleeping room');
    await bob.sees('Said to a sleeping room');

    // The server stops. What is said meanwhile waits in the page and arrives, once, when it is back.
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    await Promise.all([ada.isOffline(), bob.isOffline()]);
    await ada.says('Said while the server was away');
    server = await startChat({ dataDirectory, port });
    await Promise.all([ada.isOnline(), bob.isOnline()]);
    await bob.sees('Said while the server was away');
    await ada.sees('Said while the server was away');
    await Promise.all([ada.seesMember('Bob'), bob.seesMember('Ada')]);
    const texts = [
      'Is the coffee on?',
      'Always. <img src=x onerror="alert(1)">',
      'Said to a sleeping room',
      'Said while the server was away',
    ];
    expect(await ada.texts()).toEqual(texts);
    expect(await bob.texts()).toEqual(texts);

    // Somebody new reads what was said before; somebody who goes is no longer shown.
    const eve = await Person.enter(browser, url, 'Eve', 'kitchen');
    await eve.sees('Said while the server was away');
    expect(await eve.texts()).toEqual(texts);
    await bob.seesMember('Eve');
    await eve.page.close();
    await bob.missesMember('Eve');
    expect([...ada.problems, ...bob.problems, ...eve.problems]).toEqual([]);
  }, 120_000);

  test('a room survives SIGKILL with everything that was seen (S2.6)', async () => {
    const dataDirectory = temporaryDirectory('chat');
    server = await startChat({ dataDirectory });
    const { url, port } = server;
    const ada = await Person.enter(browser, url, 'Ada', 'kitchen');
    await ada.says('Seen is stored');
    await ada.sees('Seen is stored');
    await server.kill();
    await ada.isOffline();
    server = await startChat({ dataDirectory, port });
    await ada.isOnline();
    expect(await statsOf(url, 'kitchen')).toMatchObject({ messages: 1, connections: 1 });
    expect(await ada.texts()).toEqual(['Seen is stored']);
  }, 60_000);

  test('an alarm prunes what is too old, also in the pages (S5.1, S5.2)', async () => {
    const vars = { KEEP_SECONDS: '1', PRUNE_EVERY_SECONDS: '2' };
    server = await startChat({ dataDirectory: temporaryDirectory('chat'), vars });
    const ada = await Person.enter(browser, server.url, 'Ada', 'kitchen');
    await ada.says('Soon forgotten');
    await ada.sees('Soon forgotten');
    await ada.page.locator('.message').waitFor({ state: 'detached' });
    await ada.page.locator('#empty').waitFor();
    expect(await statsOf(server.url, 'kitchen')).toMatchObject({ messages: 0 });
    expect(ada.problems).toEqual([]);
  }, 60_000);

  test('too many messages at once all arrive, each once, a little later', async () => {
    server = await startChat({ dataDirectory: temporaryDirectory('chat') });
    const ada = await Person.enter(browser, server.url, 'Ada', 'kitchen');
    const bob = await Person.enter(browser, server.url, 'Bob', 'kitchen');
    for (let i = 1; i <= 10; i++) await ada.says(`message ${i}`);
    await Promise.all([bob.sees('message 10'), bob.sees('message 9')]);
    const texts = await bob.texts();
    expect(texts.slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => `message ${i}`));
    expect(new Set(texts).size).toBe(10);
  }, 60_000);

  test('the lobby lists the rooms and who is in them', async () => {
    server = await startChat({ dataDirectory: temporaryDirectory('chat') });
    const ada = await Person.enter(browser, server.url, 'Ada', 'Küche');
    const { page } = await newPage(browser);
    await page.goto(server.url);
    await page.getByRole('link', { name: /küche/ }).getByText('1 here').waitFor();
    await page.getByRole('link', { name: /küche/ }).click();
    // No nick yet: the page asks for one, and knows the room.
    await page.getByLabel('Your nick').fill('Bob');
    expect(await page.getByLabel('Room', { exact: true }).inputValue()).toBe('küche');
    await page.getByRole('button', { name: 'Enter' }).click();
    await ada.seesMember('Bob');
  }, 60_000);

  test('what is not well-formed is refused', async () => {
    server = await startChat({ dataDirectory: temporaryDirectory('chat') });
    const { url } = server;
    const get = async (/** @type {string} */ path) => (await fetch(url + path)).status;
    expect(await get('/room/a%2Fb')).toBe(404);
    expect(await get(`/room/${'x'.repeat(41)}`)).toBe(404);
    expect(await get('/api/room/kitchen/earlier')).toBe(400);
    expect(await get('/api/room/kitchen/socket?nick=Ada')).toBe(426);
    expect(await get('/nowhere')).toBe(404);
    const page = await fetch(`${url}/room/kitchen`);
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[0-9a-f-]{36}'/);
  }, 60_000);
});
