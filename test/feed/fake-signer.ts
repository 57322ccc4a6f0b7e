// A signer that signs nothing: tokens of the right shape whose signature part says SIGNATURE.

import type { SignedToken, Signer, SignRequest } from '../../src/feed/signer.ts';

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export class FakeSigner implements Signer {
  readonly keyId = 'organizations/o/apiKeys/k';
  readonly algorithm = 'ES256';
  readonly asked: SignRequest[] = [];
  /** When set, signing fails with this message. */
  broken: string | null = null;

  sign(request: SignRequest): Promise<SignedToken> {
    if (this.broken !== null) return Promise.reject(new Error(this.broken));
    this.asked.push(request);
    const tokenId = this.asked.length;
    const nbf = Math.floor(request.nowMs / 1000) - 5;
    const claims = { sub: this.keyId, iss: 'cdp', nbf, exp: nbf + 120, ...(request.uri ? { uri: request.uri } : {}) };
    const jwt = `${part({ alg: 'ES256', kid: this.keyId, nonce: String(tokenId) })}.${part(claims)}.SIGNATURE${tokenId}`;
    const token = { tokenId, alg: 'ES256', kid: this.keyId, ...claims, uri: request.uri ?? null };
    return Promise.resolve({ jwt, token });
  }
}
