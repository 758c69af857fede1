/** Starts the in-memory server of a page's tests, for looking at it by hand: `mail` or `console`. */
import { createServer, createServerModuleRunner } from 'vite';

const vite = await createServer({
  root: import.meta.dirname,
  server: { middlewareMode: true },
  appType: 'custom',
});
const runner = createServerModuleRunner(vite.environments.ssr);
const page = process.argv[2] === 'console' ? 'console' : 'mail';
await runner.import(new URL(`../${page}/test/fake/main.ts`, import.meta.url).pathname);
