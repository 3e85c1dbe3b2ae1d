import { MASK } from '../../redact.ts';
import { isTelling } from '../../telling-pairs.ts';
import { type TraceRecord, isRecord } from './trace-record.ts';

/** What is worth knowing of an answer and lets nobody in. */
const KEPT_HEADERS = new Set([
  'accept',
  'cache-control',
  'content-length',
  'content-type',
  'date',
  'etag',
  'host',
  'last-modified',
  'location',
  'referer',
  'retry-after',
  'server',
  'user-agent',
  'via',
  'x-jupyterhub-version',
]);

/**
 * One question and its answer (an entry of a HTTP archive, https://w3c.github.io/web-performance/specs/HAR/Overview.html)
 * without cookies, bodies and unknown headers. Style sheets stay, so that the pages look like themselves.
 */
export function withoutBodies(
  record: TraceRecord,
  onStyleSheet: (file: string) => void,
): readonly TraceRecord[] {
  const entry = record['snapshot'];
  if (record['type'] !== 'resource-snapshot' || !isRecord(entry)) return [];
  const { request, response } = entry;
  if (!isRecord(request) || !isRecord(response)) return [];
  const content = contentOf(response, onStyleSheet);
  const safe = {
    ...entry,
    request: { ...headersOf(request), queryString: queryOf(request['queryString']), postData: undefined },
    response: { ...headersOf(response), content },
  };
  return [{ ...record, snapshot: safe }];
}

function contentOf(response: TraceRecord, onStyleSheet: (file: string) => void): TraceRecord {
  const content = isRecord(response['content']) ? response['content'] : {};
  const { size, mimeType, _file: file } = content;
  const isStyleSheet = typeof mimeType === 'string' && mimeType.startsWith('text/css');
  if (!isStyleSheet || typeof file !== 'string') return { size, mimeType };
  onStyleSheet(file);
  return { size, mimeType, _file: file };
}

function headersOf(side: TraceRecord): TraceRecord {
  const headers: readonly unknown[] = Array.isArray(side['headers']) ? side['headers'] : [];
  const kept = headers.filter(
    (header) => isRecord(header) && KEPT_HEADERS.has(String(header['name']).toLowerCase()),
  );
  return { ...side, cookies: [], headers: kept };
}

function queryOf(query: unknown): unknown {
  if (!Array.isArray(query)) return [];
  return query.map((pair: unknown) =>
    isRecord(pair) && isTelling(String(pair['name'])) ? { ...pair, value: MASK } : pair,
  );
}
