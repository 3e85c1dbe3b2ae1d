import { z } from 'zod';
import type { PageStep } from '../../core/page-step.ts';
import { Text } from './fields.ts';

const VERBS = ['fill', 'select', 'check', 'uncheck', 'click', 'waitFor', 'submit'] as const;
type Verb = (typeof VERBS)[number];

const FIX = `write one of ${VERBS.join(', ')} with a selector, and for fill and select what with: {fill: '#hours', with: '4'}`;

function verb(what: string, sample: string) {
  return Text.exactOptional().meta({ description: what, samples: [sample] });
}

/** `{check: '#rules'}`, `{fill: '#hours', with: '4'}`. */
const Step = z
  .strictObject({
    fill: verb('Type into this field.', '#hours'),
    select: verb('Choose in this list.', '#course'),
    with: z
      .string()
      .exactOptional()
      .meta({ description: 'What to type, or the value or label to choose.', samples: ['4'] }),
    check: verb('Tick this checkbox or radio button.', '#rules'),
    uncheck: verb('Untick this checkbox.', '#notify'),
    click: verb('Click this.', 'text=More'),
    waitFor: verb('Wait until this can be seen.', '#options'),
    submit: verb("Send the form with this instead of the form's first button.", '#start'),
  })
  .transform((written, context): PageStep => {
    const [first, ...others] = VERBS.filter((name) => written[name] !== undefined);
    const step =
      first === undefined || others.length > 0 ? null : stepOf(first, written[first] ?? '', written.with);
    if (step !== null) return step;
    const message =
      first === undefined || others.length > 0 ? 'does not say one thing to do' : withMistake(first);
    context.issues.push({ code: 'custom', message, input: written, params: { fix: FIX } });
    return z.NEVER;
  });

function stepOf(verb: Verb, on: string, what: string | undefined): PageStep | null {
  if (verb === 'fill' || verb === 'select') return what === undefined ? null : { do: verb, on, with: what };
  return what === undefined ? { do: verb, on } : null;
}

function withMistake(verb: Verb): string {
  return verb === 'fill' || verb === 'select'
    ? `does not say what to ${verb}`
    : `${verb} goes without "with"`;
}

/** What to do on a page, in order; `submit` only as the last. */
export const PageSteps = z.array(Step).superRefine((steps, context) => {
  steps.slice(0, -1).forEach((step, index) => {
    if (step.do !== 'submit') return;
    const params = { fix: 'write it last' };
    context.addIssue({ code: 'custom', message: 'nothing can follow a submit', path: [index], params });
  });
});
