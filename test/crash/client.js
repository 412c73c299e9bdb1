// Clients of test/crash/project: one keep-alive connection per object, and a record of what was acknowledged.
'use strict';

const http = require('node:http');

/** The server went away under the request; whether it was carried out is not known. */
class Unanswered extends Error {}

/** One keep-alive connection. */
class Connection {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  /** @param {string} url @param {string} method @param {string} path @param {string} [body] @returns {Promise<string>} */
  request(url, method, path, body) {
    return new Promise((resolve, reject) => {
      const request = http.request(url + path, { method, agent: this.#agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece) => (text += piece));
        response.on('error', () => reject(new Unanswered(path)));
        response.on('end', () => {
          if (!response.complete) reject(new Unanswered(path));
          else if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
        });
      });
      request.on('error', () => reject(new Unanswered(path)));
      request.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/** What one object was asked to hold, over all rounds. */
class Writer extends Connection {
  /** The highest number a request carried. */
  sent = 0;
  /** The highest number whose response came. */
  acknowledged = 0;
  /** @type {number | undefined} the alarm whose response came */
  alarm;

  /** @param {string} name */
  constructor(name) {
    super();
    this.name = name;
  }

  /** Writes the next number. @param {string} url */
  async put(url) {
    const number = this.sent + 1;
    this.sent = number;
    await this.request(url, 'POST', `/put/${this.name}/${number}`);
    this.acknowledged = number;
  }

  /** @param {string} url @param {number} at */
  async setAlarm(url, at) {
    await this.request(url, 'POST', `/alarm/${this.name}/${at}`);
    this.alarm = at;
  }

  /** @param {string} url @returns {Promise<{value: number, highest: number, rows: number, alarm: number | null}>} */
  async read(url) {
    return JSON.parse(await this.request(url, 'GET', `/read/${this.name}`));
  }
}

module.exports = { Connection, Unanswered, Writer };
