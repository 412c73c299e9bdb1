export const config = {};

const request = (target, fields = 'Host: conformance.example\r\n') => ({
  parts: [`GET ${target} HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`],
  methods: ['GET'],
});

/** @param {(char: string) => string} target */
const everyByte = (target) => async (t) => {
  for (let code = 0x21; code < 0x100; code++) {
    t.note(code.toString(16));
    await t.exchange(request(target(String.fromCharCode(code))));
  }
};

const methods =
  'GET HEAD POST PUT DELETE PATCH PURGE OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK ACL REPORT MKACTIVITY ' +
  'CHECKOUT MERGE MSEARCH M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE QUERY BAN BIND LINK UNLINK REBIND UNBIND SOURCE LABEL BREW get FOO X';

export const cases = [
  {
    name: 'S9.2 methods',
    steps: async (t) => {
      for (const method of methods.split(' ')) {
        t.note(method);
        const head = `${method} / HTTP/1.1\r\nHost: conformance.example\r\nConnection: close\r\n\r\n`;
        await t.exchange({ parts: [head], methods: [method] });
      }
    },
  },
  {
    name: 'S9.2 bodies without bytes',
    steps: async (t) => {
      for (const method of ['GET', 'POST', 'DELETE', 'PURGE', 'OPTIONS']) {
        for (const field of ['', 'Content-Length: 0\r\n', 'Transfer-Encoding: chunked\r\n']) {
          t.note(`${method} ${field}`);
          const head = `${method} /body HTTP/1.1\r\nHost: conformance.example\r\n${field}Connection: close\r\n\r\n`;
          const parts = [field.startsWith('T') ? `${head}0\r\n\r\n` : head];
          await t.exchange({ parts, methods: [method] });
        }
      }
    },
  },
  { name: 'S9.2 every byte in a path', steps: everyByte((char) => `/a${char}b`) },
  { name: 'S9.2 every byte in a query', steps: everyByte((char) => `/?a${char}b`) },
  {
    name: 'S9.2 paths that the URL parser changes',
    steps: async (t) => {
      for (const target of [
        '//',
        '/a//b',
        '/a/../b',
        '/%2e%2e/a',
        '/a/./b',
        '/\\a',
        '/a%00',
        '/%',
        '/%zz',
        '/#a',
      ])
        await t.exchange(request(target));
    },
  },
];
