/** Starts the in-memory server of the tests, for looking at the pages by hand. */
import { createServer, createServerModuleRunner } from 'vite';

const vite = await createServer({
  root: import.meta.dirname,
  server: { middlewareMode: true },
  appType: 'custom',
});
const runner = createServerModuleRunner(vite.environments.ssr);
await runner.import(new URL('../mail/test/fake/main.ts', import.meta.url).pathname);
