import { describe, expect, it } from 'vitest';
import { describeProblem, type SeenCertificate } from '../../src/jupyterhub/certificate.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const good: SeenCertificate = {
  problem: null,
  validFrom: '2026-11-01T00:00:00.000Z',
  validTo: '2027-01-30T00:00:00.000Z',
  names: ['hub.example.org', '*.hub.example.org'],
  issuer: 'R13',
  keyHash: '',
};

describe('why a certificate is not accepted', () => {
  it.each([
    ['nothing wrong', {}, ''],
    [
      'run out',
      { validTo: '2026-11-24T03:00:00.000Z', problem: 'CERT_HAS_EXPIRED' },
      'it ran out on 2026-11-24 (issued by R13)',
    ],
    [
      'run out, of an authority that is not known either',
      { validTo: '2026-11-24T03:00:00.000Z', problem: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', issuer: '' },
      'it ran out on 2026-11-24',
    ],
    [
      'from a clock that is ahead',
      { validFrom: '2026-12-01T00:00:00.000Z', problem: 'CERT_NOT_YET_VALID' },
      'it is not valid before 2026-12-01 (issued by R13)',
    ],
    [
      "another one's",
      { problem: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      'it is for hub.example.org, *.hub.example.org, not for canary.example.org',
    ],
    [
      'self-signed',
      { problem: 'DEPTH_ZERO_SELF_SIGNED_CERT', issuer: 'TRAEFIK DEFAULT CERT' },
      'nobody here trusts who issued it (TRAEFIK DEFAULT CERT); an authority of your own is configured as tls.ca',
    ],
    ['something else', { problem: 'CERT_REVOKED' }, 'CERT_REVOKED'],
  ])('%s', (_, changes, says) => {
    expect(describeProblem({ ...good, ...changes }, 'canary.example.org', NOW)).toBe(says);
  });
});
