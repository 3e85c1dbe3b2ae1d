import { z } from 'zod';
import { HttpUrl, Name, PositiveInteger, Text } from './fields.ts';
import { SecretReference } from './secret-reference.ts';

const TokenAuth = z.strictObject({ token: SecretReference });

const AppAuth = z.strictObject({
  app: z
    .strictObject({
      id: PositiveInteger.meta({ description: 'App ID.', samples: [1] }),
      installation: PositiveInteger.meta({ description: 'Installation ID.', samples: [2] }),
      privateKey: SecretReference,
    })
    .describe('A GitHub App that is installed in the repository.'),
});

/** Both ways in one shape, so that a mistake inside one of them is named and not just "neither fits". */
const Auth = z
  .strictObject({ ...TokenAuth.partial().shape, ...AppAuth.partial().shape })
  .transform((auth, context) => {
    if (auth.token !== undefined && auth.app === undefined) return { token: auth.token };
    if (auth.app !== undefined && auth.token === undefined) return { app: auth.app };
    context.issues.push({
      code: 'custom',
      message: auth.app === undefined ? 'does not say how to log in to GitHub' : 'says both token and app',
      input: null,
      params: {
        fix: 'write token: {file: PATH}, or app: {id: 1, installation: 2, privateKey: {file: PATH}}',
      },
    });
    return z.NEVER;
  })
  .meta({
    description: 'How to log in to GitHub: a token or an app.',
    samples: [{ token: { file: '/run/secrets/github' } }],
  });

/** `github:` where incidents become issues. */
export const GitHubSection = z
  .strictObject({
    repository: Name(
      /^[A-Za-z0-9][A-Za-z0-9-]*\/[\w.-]+$/,
      'of the form OWNER/NAME',
      'owner/infrastructure',
    ).describe('The repository that gets the issues.'),
    apiUrl: HttpUrl.prefault('https://api.github.com').describe(
      'For GitHub Enterprise: https://HOST/api/v3.',
    ),
    auth: Auth,
    labels: z
      .array(Text)
      .prefault(['type: Hub Incident', 'support'])
      .meta({ description: 'On every incident issue.', samples: [['type: Hub Incident', 'support']] }),
  })
  .describe(
    'Where incidents become issues. Without it incidents are kept and shown, and no issue is opened.',
  );
