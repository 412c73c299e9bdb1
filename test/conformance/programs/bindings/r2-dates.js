// What objects of a bucket look like under an older compatibility date: members without a value are not there.
import { answer } from '../probe.js';

const namesOf = (object) => object && Object.keys(object);

const shapeOf = (object) => ({
  names: namesOf(object),
  range: namesOf(object.range),
  http: namesOf(object.httpMetadata),
  sums: namesOf(object.checksums.toJSON()),
});

const probes = {
  async shapes({ R2 }) {
    const httpMetadata = { contentType: 'text/plain' };
    const put = await R2.put('a', '0123456789', { httpMetadata });
    const upload = await R2.createMultipartUpload('b', { httpMetadata });
    const done = await upload.complete([await upload.uploadPart(1, 'part')]);
    const headers = new Headers({ range: 'bytes=2-3' });
    const list = await R2.list({ limit: 10 });
    const first = await R2.list({ limit: 1 });
    return {
      put: shapeOf(put),
      done: shapeOf(done),
      head: shapeOf(await R2.head('a')),
      part: shapeOf(await R2.get('a', { range: { offset: 1, length: 2 } })),
      end: shapeOf(await R2.get('a', { range: { suffix: 2 } })),
      headers: shapeOf(await R2.get('a', { range: headers })),
      list: [namesOf(list), shapeOf(list.objects[0])],
      first: namesOf(first),
    };
  },
};

export default {
  fetch: (request, env) => answer(probes, request, env),
};
