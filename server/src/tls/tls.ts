/**
 * The server's own certificate authority and certificate, made at first start in DATA/tls so that encryption needs no
 * preparation: agents, shippers and browsers trust `ca.crt` once. The CA lives ten years; the certificate 825 days (the
 * longest that clients accept) and is made anew a month before it ends, or when the server is to go by other names.
 *
 * Failure: a CA that cannot be read stops the start with a message and is never overwritten, because clients trust it; a
 * certificate that cannot be used is made anew. Keys are readable by the server's user alone.
 */
import 'reflect-metadata';
import { X509Certificate, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
const LEAF_DAYS = 825;
const RENEW_DAYS = 30;
/** Clocks of clients may be behind. */
const BACKDATE_MS = DAY_MS;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface TlsMaterial {
  /** PEM: private key of the server, certificate chain, the CA to hand to clients. */
  key: string;
  cert: string;
  ca: string;
  /** SHA-256 of the CA certificate, `AB:CD:…`, for people to compare. */
  fingerprint: string;
  /** When the certificate ends; `ensureTls` makes a new one from a month before. */
  expires: Date;
}

interface Pair {
  key: string;
  cert: string;
}

/** Reads or makes the material. `names`: further host names and addresses that the server goes by. */
export async function ensureTls(options: {
  directory: string;
  names?: readonly string[];
  now: () => number;
}): Promise<TlsMaterial> {
  const { directory, now } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const names = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), ...(options.names ?? [])])];

  let ca = await readAuthority(directory);
  if (!ca) {
    ca = await createAuthority(now());
    await writePair(directory, 'ca', ca);
  }
  let leaf = await readLeaf(directory);
  if (!leaf || !isGood(leaf, ca, names, now())) {
    leaf = await createLeaf(ca, names, now());
    await writePair(directory, 'server', leaf);
  }
  const authority = new X509Certificate(ca.cert);
  return {
    key: leaf.key,
    cert: leaf.cert + ca.cert,
    ca: ca.cert,
    fingerprint: authority.fingerprint256,
    expires: new X509Certificate(leaf.cert).validToDate,
  };
}

function isGood(leaf: Pair, ca: Pair, names: readonly string[], now: number): boolean {
  const certificate = new X509Certificate(leaf.cert);
  return (
    certificate.validToDate.getTime() - now > RENEW_DAYS * DAY_MS &&
    certificate.verify(new X509Certificate(ca.cert).publicKey) &&
    names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined)
  );
}

async function createAuthority(now: number): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    // The suffix tells the authorities of several servers apart in a client's list.
    name: `CN=Vedette CA ${randomBytes(4).toString('hex')}, O=Vedette`,
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + CA_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

async function createLeaf(ca: Pair, names: readonly string[], now: number): Promise<Pair> {
  const authority = new x509.X509Certificate(ca.cert);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(ca.key),
    ALGORITHM,
    false,
    ['sign'],
  );
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const end = Math.min(now + LEAF_DAYS * DAY_MS, authority.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Vedette server, O=Vedette',
    issuer: authority.subject,
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(end),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false),
      await x509.AuthorityKeyIdentifierExtension.create(authority, false),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

/** Positive and 16 bytes long, as RFC 5280 wants. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** Null where there is none. A key without certificate is what a crash left of the first start. */
async function readAuthority(directory: string): Promise<Pair | null> {
  const cert = await readIfThere(join(directory, 'ca.crt'));
  if (cert === null) return null;
  const key = await readIfThere(join(directory, 'ca.key'));
  if (key === null || !isPair(key, cert)) {
    throw new Error(
      `ca.key and ca.crt in ${directory} do not belong together; restore them, or remove both to start anew`,
    );
  }
  return { key, cert };
}

/** Null where there is none, or none that can be used: the certificate can be made again at any time. */
async function readLeaf(directory: string): Promise<Pair | null> {
  const cert = await readIfThere(join(directory, 'server.crt'));
  const key = await readIfThere(join(directory, 'server.key'));
  return cert !== null && key !== null && isPair(key, cert) ? { key, cert } : null;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isPair(key: string, cert: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** The certificate last, so that it exists only with its key. */
async function writePair(directory: string, name: string, pair: Pair): Promise<void> {
  for (const [file, text, mode] of [
    [`${name}.key`, pair.key, 0o600],
    [`${name}.crt`, pair.cert, 0o644],
  ] as const) {
    const path = join(directory, file);
    const handle = await open(`${path}.new`, 'w', mode);
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    await rename(`${path}.new`, path);
  }
}
