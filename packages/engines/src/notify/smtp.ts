import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Notification, NotifierChannel, NotifyResult } from '@twinloop/kernel';
import { allowList } from '../fetch/addresses.js';
import type { FetchPolicy } from '../fetch/guarded-fetch.js';
import { pin, systemResolve } from '../fetch/pinned-request.js';
import { failure } from './post-message.js';

type SmtpChannel = Extract<NotifierChannel, { kind: 'smtp' }>;

/**
 * A mail server's refusals are final from 500 on (RFC 5321, 4.2.1). A login or a certificate does not mend itself, but
 * people mend it: both are tried again.
 */
function refusal(
  error: { readonly responseCode?: number; readonly code?: string },
  host: string,
): NotifyResult {
  const { responseCode, code } = error;
  const mendable = code === 'EAUTH' || /TLS|SSL|CERT/.test(code ?? '');
  const final = responseCode !== undefined && responseCode >= 500 && !mendable;
  const why =
    code === 'EAUTH'
      ? 'refused the login'
      : mendable
        ? `offers no TLS that can be trusted (${code})`
        : responseCode !== undefined
          ? `answered ${responseCode}`
          : code === 'ETIMEDOUT'
            ? 'took too long'
            : `could not be reached (${code ?? 'no reason given'})`;
  return { status: 'failed', retryable: !final, reason: `${host} ${why}` };
}

/**
 * One plain-text mail. The server's address is checked and pinned like every outgoing request; TLS is asked for by
 * STARTTLS (from the start on port 465) and its certificate checked by name. Without TLS no login is ever sent.
 */
export async function sendMail(
  message: Notification,
  channel: SmtpChannel,
  policy: Pick<FetchPolicy, 'allow' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<NotifyResult> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(policy.timeoutMs)]);
  let cut = (): void => {};
  const late = new Promise<NotifyResult>(resolve => {
    cut = () => resolve({ status: 'failed', retryable: true, reason: `${channel.host} took too long` });
    if (deadline.aborted) cut();
    else deadline.addEventListener('abort', cut, { once: true });
  });
  try {
    return await Promise.race([deliver(message, channel, policy, deadline), late]);
  } finally {
    deadline.removeEventListener('abort', cut);
  }
}

async function deliver(
  message: Notification,
  { host, port, user, password, from, to, tls }: SmtpChannel,
  policy: Pick<FetchPolicy, 'allow' | 'timeoutMs'>,
  deadline: AbortSignal,
): Promise<NotifyResult> {
  let address: string;
  try {
    ({ address } = await pin(host, allowList(policy.allow), systemResolve, host));
  } catch (error) {
    return failure(error);
  }
  const transport = createTransport({
    host: address,
    port,
    secure: tls === 'required' && port === 465,
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    // The certificate is the name's, although the address is connected to. An address has no name to ask for.
    tls: isIP(host) === 0 ? { servername: host } : {},
    connectionTimeout: policy.timeoutMs,
    greetingTimeout: policy.timeoutMs,
    socketTimeout: policy.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
  });
  const close = (): void => transport.close();
  deadline.addEventListener('abort', close, { once: true });
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: `[${message.project}] ${message.title}`,
      text: `${message.text}\n\n${message.link}\n`,
      messageId: `<${message.id}@${message.project}.twinloop>`,
    });
    return { status: 'delivered', detail: `${host} took the mail` };
  } catch (error) {
    return refusal(error as { responseCode?: number; code?: string }, host);
  } finally {
    deadline.removeEventListener('abort', close);
    close();
  }
}
