type Attributes = Readonly<Record<string, string | number | null>>;

/** One element; numbers are written to a tenth of a pixel, null leaves the attribute out. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escaped(String(value))}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export function text(
  x: number,
  y: number,
  kind: string,
  content: string,
  anchor: string | null = null,
): string {
  return element('text', { x, y, class: kind, 'text-anchor': anchor }, escaped(content));
}

/** What is said when the pointer rests on the element. */
export function title(content: string): string {
  return element('title', {}, escaped(content));
}

export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
