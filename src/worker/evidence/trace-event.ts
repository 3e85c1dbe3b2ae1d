import { MASK } from '../../redact.ts';
import { type TraceRecord, isRecord } from './trace-record.ts';

/** Kinds of records that are known to us; another may hold anything. */
const KNOWN = new Set([
  'context-options',
  'before',
  'after',
  'input',
  'log',
  'event',
  'console',
  'frame-snapshot',
  'error',
]);

/** One record of what happened, without what was typed, handed to a script or given back by it. */
export function withoutValues(record: TraceRecord): readonly TraceRecord[] {
  const type = String(record['type']);
  if (!KNOWN.has(type)) return [];
  switch (type) {
    case 'before':
      return [{ ...record, params: withoutInput(record['params']) }];
    case 'after':
      return [omit(record, ['result'])];
    case 'log':
      return [{ ...record, message: String(record['message']).replace(/\b(fill|type|press)\(.*\)/s, `$1(${MASK})`) }];
    case 'console':
      // Its text says the same as its arguments.
      return [omit(record, ['args'])];
    case 'frame-snapshot':
      return [{ ...record, snapshot: withoutFields(record['snapshot']) }];
    default:
      return [record];
  }
}

function withoutInput(params: unknown): unknown {
  if (!isRecord(params)) return params;
  const kept = omit(params, ['arg', 'options', 'postData', 'headers', 'storageState']);
  return Object.fromEntries(
    Object.entries(kept).map(([name, value]) => [name, ['value', 'text', 'key'].includes(name) ? MASK : value]),
  );
}

/** Form fields keep their place and lose what is in them. */
function withoutFields(node: unknown): unknown {
  if (Array.isArray(node)) {
    const [tag, attributes] = node;
    const isField = typeof tag === 'string' && /^(?:input|textarea|select)$/i.test(tag) && isRecord(attributes);
    return node.map((part: unknown, index) =>
      isField && index === 1 && isRecord(part) ? blank(part) : isField && typeof part === 'string' && index > 1 ? MASK : withoutFields(part),
    );
  }
  if (!isRecord(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, withoutFields(value)]));
}

const SHOWS_ITS_VALUE = /^(?:submit|button|reset|radio|checkbox)$/i;

function blank(attributes: TraceRecord): TraceRecord {
  const type = attributes['type'];
  const keepsValue = typeof type === 'string' && SHOWS_ITS_VALUE.test(type);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const isValue = name === '__playwright_value_' || name === 'value';
      return [name, isValue && !keepsValue && value !== '' ? MASK : value];
    }),
  );
}

function omit(record: TraceRecord, names: readonly string[]): TraceRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
