import { request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { ProjectId } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { httpUnderTest } from './testing/http-under-test.js';

const ROW = JSON.stringify({
  inputs: [
    { name: 'temp', datatype: 'FP64', shape: [1], data: [20] },
    { name: 'hour', datatype: 'FP64', shape: [1], data: [7] },
    { name: 'carrier', datatype: 'BYTES', shape: [1], data: ['UA'] },
  ],
});

function gate(): { readonly wait: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const wait = new Promise<void>(resolve => {
    open = resolve;
  });
  return { wait, open };
}

function post(port: number): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, method: 'POST', path: '/v2/models/delays/infer' },
      response => {
        let body = '';
        response.on('data', chunk => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, body }));
      },
    );
    call.on('error', reject);
    call.end(ROW);
  });
}

describe('shutdown', () => {
  it('finishes what is in flight, refuses what comes on open connections, and takes no new one', async () => {
    const { http, app } = await httpUnderTest();
    const project = app.project('default' as ProjectId);
    const { port } = await http.listen();
    const hold = gate();
    project.gate = hold.wait;

    const inFlight = post(port);
    // A second connection has sent the first half of its request when the shutdown begins.
    const late = connect(port, '127.0.0.1');
    late.write('GET /api/twinloop/v1/status HTTP/1.1\r\nHost: localhost\r\n');
    while (project.inferred.length === 0) await new Promise(resolve => setImmediate(resolve));

    const closed = http.close();
    expect(http.close()).toBe(closed);
    const answer = new Promise<string>(resolve => {
      let text = '';
      late.on('data', chunk => {
        text += chunk;
      });
      late.on('close', () => resolve(text));
    });
    late.write('\r\n');
    const refused = await answer;
    expect(refused).toContain('503 Service Unavailable');
    expect(refused).toContain('"code":"shutting_down"');
    expect(refused).toMatch(/retry-after: 1/i);

    await expect(post(port)).rejects.toThrow();
    hold.open();
    expect(await inFlight).toMatchObject({ status: 200, body: expect.stringContaining('"data":[0.07]') });
    await closed;
  });

  it('waits for requests on connections that it was handed by a supervisor', async () => {
    const { http, app } = await httpUnderTest();
    const project = app.project('default' as ProjectId);
    const { port } = await http.listen();
    const hold = gate();
    project.gate = hold.wait;
    const front = createServer({ pauseOnConnect: true }, socket => http.take(socket));
    await new Promise<void>(done => front.listen(0, '127.0.0.1', done));
    const inFlight = post((front.address() as AddressInfo).port);
    while (project.inferred.length === 0) await new Promise(resolve => setImmediate(resolve));

    let ended = false;
    const closed = http.close().then(() => {
      ended = true;
    });
    await expect(post(port)).rejects.toThrow();
    expect(ended).toBe(false);
    hold.open();
    expect(await inFlight).toMatchObject({ status: 200 });
    await closed;
    await new Promise(done => front.close(done));
  });

  it('cuts what does not finish in time', async () => {
    const { http, app } = await httpUnderTest({}, { drainMs: 1 });
    const project = app.project('default' as ProjectId);
    const { port } = await http.listen();
    const hold = gate();
    project.gate = hold.wait;
    const stuck = post(port);
    while (project.inferred.length === 0) await new Promise(resolve => setImmediate(resolve));
    await Promise.all([http.close(), expect(stuck).rejects.toThrow()]);
    hold.open();
  });
});

describe('bodies', () => {
  /** Sends raw text and reads until the server closes. */
  const raw = (port: number, text: string, hangUp: boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(text);
        if (hangUp) socket.destroy();
      });
      let answer = '';
      socket.on('data', chunk => {
        answer += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
    });
  const head = (length: number) =>
    `POST /v2/models/delays/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`;

  it('a gigabyte is refused before it is sent, and the connection closed', async () => {
    const { http } = await httpUnderTest();
    const { port } = await http.listen();
    const answer = await raw(port, head(1e9), false);
    expect(answer).toContain('413 Payload Too Large');
    expect(answer).toMatch(/connection: close/i);
    await http.close();
  });

  it('a sender that hangs up half-way is no fault of the server', async () => {
    const { http, log, app } = await httpUnderTest();
    const { port } = await http.listen();
    await raw(port, `${head(1000)}{"inputs"`, true);
    expect(await post(port)).toMatchObject({ status: 200 });
    await http.close();
    expect(log).toEqual([]);
    expect(app.project('default' as ProjectId).inferred).toHaveLength(1);
  });
});

describe('listening', () => {
  it('says which port is taken', async () => {
    const first = await httpUnderTest();
    const { port } = await first.http.listen();
    const second = await httpUnderTest({ port });
    await expect(second.http.listen()).rejects.toMatchObject({
      code: 'port_in_use',
      message: `Port ${port} is in use`,
    });
    await Promise.all([first.http.close(), second.http.close()]);
  });
});

describe('probes', () => {
  it('tell life, readiness with reasons, and counts by route', async () => {
    const { http, app } = await httpUnderTest();
    expect((await http.inject('/livez')).body).toBe('live\n');
    expect((await http.inject('/readyz')).body).toBe('ready\n');
    app.reasons = ['replaying the ledger', 'no disk'];
    const unready = await http.inject('/readyz');
    expect([unready.statusCode, unready.body]).toEqual([503, 'replaying the ledger\nno disk\n']);

    await http.inject({ method: 'POST', url: '/v2/models/delays/infer', payload: ROW });
    await http.inject({ method: 'POST', url: '/p/other/v2/models/delays/infer', payload: ROW });
    await http.inject({ method: 'POST', url: '/v2/models/delays/infer', payload: '{' });
    await http.inject('/nothing/1');
    await http.inject('/nothing/2');
    const metrics = await http.inject('/metrics');
    expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = metrics.body.split('\n');
    const route = 'route="/v2/models/:model/infer",method="POST"';
    expect(lines).toEqual(
      expect.arrayContaining([
        'fake 1',
        `twinloop_http_requests_total{${route},status="200"} 2`,
        `twinloop_http_requests_total{${route},status="400"} 1`,
        'twinloop_http_requests_total{route="(none)",method="(any)",status="404"} 2',
        `twinloop_http_request_duration_seconds_bucket{${route},le="+Inf"} 3`,
        `twinloop_http_request_duration_seconds_count{${route}} 3`,
      ]),
    );
    await http.close();
  });
});
