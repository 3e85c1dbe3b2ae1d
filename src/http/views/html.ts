/** Markup that is safe to send. Only `html` makes it. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | null | readonly (Markup | string)[];

/** Markup from a template; every value is escaped unless it is markup itself. Indentation of the template is not sent. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return {
    markup: parts.reduce((text, part, index) => text + render(values[index - 1] ?? null) + flat(part), ''),
  };
}

function render(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  if ('markup' in value) return value.markup;
  return value.map(render).join('');
}

function flat(part: string): string {
  return part.replace(/\n\s*/g, '\n');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
