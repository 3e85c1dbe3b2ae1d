import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/http/views/html.ts';

describe('html', () => {
  it('lets no text become markup or end an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ' ') }), (text) => {
        expect(html`${text}`.markup).not.toMatch(/[<>"']|&(?!#\d+;)/);
      }),
    );
  });

  it('keeps markup that it made, in lists too, and writes nothing for null', () => {
    const list = [html`<b>a</b>`, '<b>'];

    expect(html`<p>${list}${null}</p>`.markup).toBe('<p><b>a</b>&#60;b&#62;</p>');
  });
});
