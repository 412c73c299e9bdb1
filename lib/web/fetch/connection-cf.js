// connectionCf: what `request.cf` says of a connection (S9.2, S11.26).
//
// Cloudflare's network knows where a client is and how it came in; here nothing does. Programs read places from it all the same, so a
// request from outside has the placeholders that `wrangler dev` has. They are made when somebody looks: most Workers never do.
'use strict';

const kNotShown = '0';
/** Of the certificate of a client that showed none. */
const kCertificate = {
  certPresented: kNotShown,
  certVerified: 'NONE',
  certRevoked: kNotShown,
  ...Object.fromEntries(
    [
      ...['certIssuerDN', 'certSubjectDN', 'certIssuerDNRFC2253', 'certSubjectDNRFC2253'],
      ...['certIssuerDNLegacy', 'certSubjectDNLegacy', 'certSerial', 'certIssuerSerial'],
      ...['certSKI', 'certIssuerSKI', 'certFingerprintSHA1', 'certFingerprintSHA256'],
      ...['certNotBefore', 'certNotAfter', 'certRFC9440'],
    ].map((name) => [name, '']),
  ),
  certRFC9440TooLarge: false,
  certChainRFC9440: '',
  certChainRFC9440TooLarge: false,
};

class ConnectionCf {
  #acceptEncoding;
  #isFrozen;

  /**
   * @param {string} acceptEncoding the header of the request, before a Worker changes it
   * @param {boolean} isFrozen whether it is of a request that was received, not of a copy
   */
  constructor(acceptEncoding, isFrozen) {
    this.#acceptEncoding = acceptEncoding;
    this.#isFrozen = isFrozen;
  }

  received() {
    return new ConnectionCf(this.#acceptEncoding, true);
  }

  copied() {
    return new ConnectionCf(this.#acceptEncoding, false);
  }

  /** @returns {object} */
  make() {
    return this.#isFrozen ? frozen(this.#make()) : this.#make();
  }

  #make() {
    return {
      asOrganization: '',
      asn: 395747,
      colo: 'DFW',
      city: 'Austin',
      region: 'Texas',
      regionCode: 'TX',
      metroCode: '635',
      postalCode: '78701',
      country: 'US',
      continent: 'NA',
      timezone: 'America/Chicago',
      latitude: '30.27130',
      longitude: '-97.74260',
      clientTcpRtt: 0,
      httpProtocol: 'HTTP/1.1',
      requestPriority: 'weight=192;exclusive=0',
      tlsCipher: 'AEAD-AES128-GCM-SHA256',
      tlsVersion: 'TLSv1.3',
      tlsClientAuth: { ...kCertificate },
      edgeRequestKeepAliveStatus: 0,
      clientTrustScore: 99,
      botManagement: {
        corporateProxy: false,
        verifiedBot: false,
        ja3Hash: '25b4882c2bcb50cd6b469ff28c596742',
        staticResource: false,
        detectionIds: [],
        score: 99,
      },
      clientAcceptEncoding: this.#acceptEncoding,
    };
  }
}

/** The `cf` of a request that came in as it is: kept without an object of its own until it is looked at or the request is copied. */
const kOfConnection = Symbol('cf of the connection');

/** @param {any} value a plain one, all the way down @returns {any} the same */
function frozen(value) {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/**
 * What a getter of `cf` shows.
 * @param {{cf: any}} state in which it stays
 * @param {() => string | null} acceptEncoding
 * @returns {any}
 */
function shownCf(state, acceptEncoding) {
  if (state.cf === kOfConnection) state.cf = new ConnectionCf(acceptEncoding() ?? '', true);
  if (state.cf instanceof ConnectionCf) state.cf = state.cf.make();
  return state.cf;
}

/**
 * The `cf` of a copy of a request: its owner may change it.
 * @param {any} cf
 * @param {() => string | null} acceptEncoding of the request that is copied
 * @returns {any}
 */
function copiedCf(cf, acceptEncoding) {
  if (cf === undefined) return undefined;
  if (cf === kOfConnection) return new ConnectionCf(acceptEncoding() ?? '', false);
  return cf instanceof ConnectionCf ? cf.copied() : structuredClone(cf);
}

/**
 * The `cf` of a request that was sent with fetch(), for who receives it.
 * @param {any} cf
 * @returns {any}
 */
function receivedCf(cf) {
  if (cf === undefined || cf === kOfConnection) return cf;
  if (cf instanceof ConnectionCf) return cf.received();
  return Object.isFrozen(cf) ? cf : frozen(structuredClone(cf));
}

module.exports = { copiedCf, kOfConnection, receivedCf, shownCf };
