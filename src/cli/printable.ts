import { stripVTControlCharacters } from 'node:util';

/** Foreign words as a terminal may show them: on one line, and without anything that would move or colour it. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
