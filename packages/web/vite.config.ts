import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

// `TWINLOOP_URL` names the server that answers the API while `vite` serves the pages:
// the real one (default), or the fixture: `node dev/fixture-server.mjs` on 4601.
const server = process.env['TWINLOOP_URL'] ?? 'http://127.0.0.1:4600';
// The prefix also mounts pages (`/p/<project>/runs`), so only the API's own paths are passed on.
const api = '^/(p/[^/]+/)?(api|v2)/';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: { port: 4610, proxy: { [api]: { target: server, changeOrigin: true } } },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // light-dark() and container queries as they are written: every current browser has them.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    reportCompressedSize: false,
    manifest: true,
  },
});
