// What programs about R2 share: objects of a bucket without what differs from run to run.
import { attempt } from './probe.js';

/** @param {any} object */
export const plain = (object) =>
  object && {
    class: object.constructor.name,
    key: object.key,
    version: /^[0-9a-f]{32}$/.test(object.version),
    size: object.size,
    etag: object.etag,
    httpEtag: object.httpEtag,
    uploaded: Math.abs(Date.now() - object.uploaded) < 60_000,
    checksums: object.checksums.toJSON(),
    httpMetadata: object.httpMetadata,
    customMetadata: object.customMetadata,
    range: object.range,
    storageClass: object.storageClass,
    ssecKeyMd5: object.ssecKeyMd5,
  };

/** attempt(), with an object that it resolves to as plain(). */
export const tried = (action) =>
  attempt(async () => {
    const result = await action();
    return result?.checksums === undefined ? result : plain(result);
  });

/** One after the other. */
export const outcomes = async (...actions) => {
  const all = [];
  for (const action of actions) all.push(await tried(action));
  return all;
};

/** What list() gave. */
export const keysOf = ({ objects, delimitedPrefixes, truncated, cursor }) => ({
  keys: objects.map(({ key }) => key),
  delimitedPrefixes,
  truncated,
  cursor: typeof cursor,
});
