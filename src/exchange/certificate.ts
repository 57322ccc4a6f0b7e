// Owns the certificates of the TLS mode: a CA made on the spot and leaves for loopback, good and bad.
// Never writes a file.
// They are written by hand because Node can read certificates but not issue them, and the need is five small shapes.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, element, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts';

export interface Leaf {
  cert: string;
  key: string;
}

export interface Certificates {
  caPem: string;
  good: Leaf;
  expired: Leaf;
  'self-signed': Leaf;
  'wrong-host': Leaf;
}

interface Pair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

interface Issue {
  subject: string;
  issuer: string;
  fromMs: number;
  toMs: number;
  subjectKey: KeyObject;
  signer: KeyObject;
  extensions: Buffer[];
}

const dayMs = 86_400_000;
const caName = 'cbscope simulated exchange CA';
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

/** Makes a CA and one leaf of each kind. Takes a few milliseconds. */
export function makeCertificates(): Certificates {
  const ca = pair();
  const now = Date.now();
  const usual = { subject: 'localhost', names: loopbackNames(), fromMs: now - dayMs, toMs: now + 90 * dayMs, ca };
  const caPem = issue({
    subject: caName,
    issuer: caName,
    fromMs: now - dayMs,
    toMs: now + 365 * dayMs,
    subjectKey: ca.publicKey,
    signer: ca.privateKey,
    extensions: [
      extension('2.5.29.19', sequence(yes), true),
      // keyCertSign and cRLSign
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), true),
    ],
  });
  return {
    caPem,
    good: leaf(usual),
    expired: leaf({ ...usual, fromMs: now - 90 * dayMs, toMs: now - dayMs }),
    'self-signed': leaf({ ...usual, ca: null }),
    'wrong-host': leaf({ ...usual, subject: 'exchange.example', names: [dnsName('exchange.example')] }),
  };
}

function leaf(wanted: { subject: string; names: Buffer[]; fromMs: number; toMs: number; ca: Pair | null }): Leaf {
  const own = pair();
  const cert = issue({
    subject: wanted.subject,
    issuer: wanted.ca === null ? wanted.subject : caName,
    fromMs: wanted.fromMs,
    toMs: wanted.toMs,
    subjectKey: own.publicKey,
    signer: (wanted.ca ?? own).privateKey,
    extensions: [
      extension('2.5.29.19', sequence(), true),
      // digitalSignature
      extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), true),
      // serverAuth
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1')), false),
      extension('2.5.29.17', sequence(...wanted.names), false),
    ],
  });
  return { cert, key: own.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

function issue(wanted: Issue): string {
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(wanted.issuer),
    sequence(time(wanted.fromMs), time(wanted.toMs)),
    commonName(wanted.subject),
    wanted.subjectKey.export({ format: 'der', type: 'spki' }),
    element(0xa3, sequence(...wanted.extensions)),
  );
  const der = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, wanted.signer)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(name))));
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return critical ? sequence(oid(id), yes, octets(value)) : sequence(oid(id), octets(value));
}

function loopbackNames(): Buffer[] {
  const ip4 = element(0x87, Buffer.from([127, 0, 0, 1]));
  const ip6 = element(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])]));
  return [dnsName('localhost'), ip4, ip6];
}

function dnsName(name: string): Buffer {
  return element(0x82, Buffer.from(name));
}

function pair(): Pair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
