/** Where the monitor says what it does; the fields are for machines. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  text: string,
  fields: Readonly<Record<string, unknown>>,
) => void;
