/** Bytes that have left this machine, of all. */
export interface Progress {
  readonly sent: number;
  readonly total: number;
}

/**
 * `fetch` for one large body that tells how far it is: only XMLHttpRequest knows that in a browser. The file is
 * streamed from the disk by the browser; it is never held in memory.
 */
export function fetchWithProgress(onProgress: (progress: Progress) => void): typeof fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? 'GET', String(input));
      new Headers(init.headers).forEach((value, name) => request.setRequestHeader(name, value));
      request.responseType = 'blob';
      request.upload.onprogress = event => onProgress({ sent: event.loaded, total: event.total });
      request.onload = () => {
        const type = request.getResponseHeader('content-type');
        resolve(
          new Response(request.status === 204 ? null : (request.response as Blob), {
            status: request.status,
            headers: type === null ? {} : { 'content-type': type },
          }),
        );
      };
      request.onerror = () => reject(new TypeError('the connection was lost while the file was on its way'));
      request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
      init.signal?.addEventListener('abort', () => request.abort(), { once: true });
      request.send(init.body as XMLHttpRequestBodyInit);
    });
}
