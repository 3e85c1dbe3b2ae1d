import { readableSpan } from '../core/time.ts';

/** `42 s`, `7 min 30 s`, from an hour on as `readableSpan` has it. */
export function exactSpan(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole >= 3600) return readableSpan(whole * 1000);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
