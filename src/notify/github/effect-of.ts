import type { Effect, EffectKind } from '../../core/effect.ts';

/** The effect of one kind. */
export type EffectOf<Kind extends EffectKind> = Extract<Effect, { readonly kind: Kind }>;

/** All bring our blocks of the issue up to date. */
export type Edit = EffectOf<'update-issue'> | EffectOf<'close-issue'> | EffectOf<'reopen-issue'>;
