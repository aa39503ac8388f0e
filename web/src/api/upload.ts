import { Problem } from './problem';
import { session } from './session';

/** Sends a large body with POST and reports the progress, which fetch can't do. */
export function upload<T>(
  path: string, body: Blob, headers: Record<string, string>, onSent: (part: number) => void, signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [header, value] of Object.entries(headers))
      request.setRequestHeader(header, value);
    if (session.key)
      request.setRequestHeader('X-Api-Key', session.key);
    request.upload.onprogress = (event) => onSent(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
    request.onload = () =>
      request.status >= 200 && request.status < 300
        ? resolve(JSON.parse(request.responseText) as T)
        : reject(Problem.ofText(request.responseText, request.status));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
