// The operations of the soak of objects, and the model of what they answer: accounts.
'use strict';

/**
 * One account and what is known of it. Its owner is one client, which makes one request after the other.
 * @typedef {{name: string, peer: string, total: number, peerTotal: number, held: number, due: number | undefined}} Account
 */

/** @param {string} name @returns {Account} */
const newAccount = (name) => ({
  name,
  peer: `${name}-peer`,
  total: 0,
  peerTotal: 0,
  held: 0,
  due: undefined,
});

const aborted = { error: 'Error: aborted', isReset: true };

/**
 * What is called and what it has to answer; each changes the model.
 * @type {Record<string, (account: Account, n: number) => {method?: string, args?: unknown[], answer: object}>}
 */
const operations = {
  total: (account) => ({ args: [], answer: { value: account.total } }),
  add: (account, n) => ({ answer: { value: (account.total += n) } }),
  give(account, n) {
    account.total -= n;
    account.peerTotal += n;
    return { args: [account.peer, n], answer: { value: [account.total, account.peerTotal] } };
  },
  addAndThrow(account, n) {
    account.total += n;
    return { answer: { error: 'after the write', isReset: false } };
  },
  // An abort takes what was not yet durable along (S1.14).
  abortAtOnce: (_account, n) => ({ method: 'addAndAbort', args: [n, false], answer: aborted }),
  abortAfterSync(account, n) {
    account.total += n;
    return { method: 'addAndAbort', args: [n, true], answer: aborted };
  },
  failSection(account, n) {
    account.total += n;
    return { answer: { error: 'section', isReset: true } };
  },
  rollBack: (account) => ({ answer: { value: account.total } }),
  wait: (account) => ({ answer: { value: account.total } }),
  session: (account, n) => ({ answer: { value: (account.total += n) } }),
  forgotten: (account, n) => ({ answer: { value: (account.total += n) } }),
  pipelined: (account, n) => ({ answer: { value: (account.total += n) } }),
  callBack: (account, n) => ({ answer: { value: (account.total += 4 * n + 2) } }),
  together(account, n) {
    account.total += 2 * n;
    return { answer: { value: [account.total - n, account.total, account.total] } };
  },
  pocket: (account, n) => ({ answer: { value: (account.held += n) } }),
  setAlarm(account, n) {
    account.due = (account.due ?? 0) + 1;
    return { args: [account.due, n], answer: {} };
  },
  clear(account) {
    // Facets go with it. An alarm in the middle of its run would write after it, so objects with one are left alone.
    if (account.due !== undefined) return { ...operations.total(account, 0), method: 'total' };
    account.total = account.held = 0;
    return { args: [], answer: { value: 0 } };
  },
};

module.exports = { newAccount, operations };
