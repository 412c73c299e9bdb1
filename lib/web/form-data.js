// parseFormData: a body as FormData, by Node's own parser, with the error texts of Workers.
'use strict';

const { originals } = require('./originals.js');

/**
 * @param {Uint8Array} bytes
 * @param {string | null} contentType
 * @returns {Promise<FormData>}
 */
async function parseFormData(bytes, contentType) {
  if (contentType === null) {
    throw new TypeError('Parsing a Body as FormData requires a Content-Type header.');
  }
  const essence = contentType.split(';', 1)[0].trim().toLowerCase();
  if (essence === 'multipart/form-data') {
    if (!/;\s*boundary=/i.test(contentType)) {
      throw new TypeError(
        'No boundary string in Content-Type header. The multipart/form-data MIME type requires a boundary parameter, ' +
          'e.g. \'Content-Type: multipart/form-data; boundary="abcd"\'. See RFC 7578, section 4.',
      );
    }
  } else if (essence !== 'application/x-www-form-urlencoded') {
    throw new TypeError(
      'Unrecognized Content-Type header value. FormData can only parse the following MIME types: multipart/form-data, ' +
        'application/x-www-form-urlencoded',
    );
  }
  const body = /** @type {any} */ (bytes);
  const headers = { 'content-type': contentType };
  try {
    return await new originals.Response(body, { headers }).formData();
  } catch (error) {
    throw Object.assign(
      new TypeError('No initial boundary string (or you have a truncated message).'),
      { cause: error },
    );
  }
}

module.exports = { parseFormData };
