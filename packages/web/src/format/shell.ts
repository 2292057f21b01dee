/** Quoted for a POSIX shell, where that is needed. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A call of the native API as a curl line. */
export function curlPost(url: string, body: unknown): string {
  return `curl -X POST ${quoted(url)} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`;
}
