import type { Criterion } from './criterion.ts';
import type { Run, Step } from './run.ts';

/** What one can watch while a run is under way; in order, ending with exactly one `finished`. */
export type RunEvent =
  | { readonly kind: 'started'; readonly run: string; readonly hub: string; readonly at: string }
  | { readonly kind: 'hub-version'; readonly version: string }
  | { readonly kind: 'step-started'; readonly criterion: Criterion; readonly step: string }
  | { readonly kind: 'note'; readonly criterion: Criterion; readonly step: string; readonly text: string }
  | { readonly kind: 'step-finished'; readonly step: Step }
  | { readonly kind: 'cleaning-up' }
  | { readonly kind: 'finished'; readonly run: Run };
