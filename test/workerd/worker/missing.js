// A module that the runtime does not have: its members are there and throw.
export function connect() {
  throw new Error('cloudflare:sockets is not supported.');
}

export default new Proxy(
  {},
  {
    get() {
      throw new Error('workerd:unsafe is not supported.');
    },
  },
);
