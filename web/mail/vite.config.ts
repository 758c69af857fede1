import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { policy } from '../policy.config.ts';
import { PAGE_POLICY } from './policy.config.ts';

const server = process.env['CASELLA_URL'];
const proxied = ['/auth', '/brand', '/complaints', '/jmap', '/login', '/mailbox', '/status', '/.well-known'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), policy(PAGE_POLICY)],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: server ? { proxy: Object.fromEntries(proxied.map((path) => [path, server])) } : {},
});
