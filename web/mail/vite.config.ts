import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { PAGE_POLICY } from './policy.config.ts';

/**
 * Writes the content security policy into the built page; the dev server needs inline scripts and has
 * none.
 */
function policy(): Plugin {
  return {
    name: 'casella-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

const server = process.env['CASELLA_URL'];
const proxied = ['/auth', '/brand', '/jmap', '/.well-known'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), policy()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: server ? { proxy: Object.fromEntries(proxied.map((path) => [path, server])) } : {},
});
