/** Where in the configuration, from the top: keys, and indexes of lists. */
export type ConfigPath = readonly (string | number)[];

/** What a check found, before it is known in which file and line it is written. */
export interface Finding {
  readonly path: ConfigPath;
  /** What is wrong; completes "<path>: …". */
  readonly message: string;
  /** What would be right; an imperative. */
  readonly fix: string;
}

/** Something a person should change, and where. */
export interface Problem {
  /** As a person would type it; the file the thing is in or should be in. */
  readonly file: string;
  /** Both count from 1. Null where there is no position: a file that is missing, a key nobody wrote. */
  readonly line: number | null;
  readonly column: number | null;
  /** `hubs[1].login.password`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** `hubs[1].login.password`; keys that are no plain words are quoted. */
export function dotted(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
