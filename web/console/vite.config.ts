import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { policy } from '../policy.config.ts';
import { PAGE_POLICY } from './policy.config.ts';

const server = process.env['CASELLA_CONSOLE_URL'];

/** Served at `/console/` of the operations port; every name in the page is relative, so any folder does. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte(), policy(PAGE_POLICY)],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: server ? { proxy: { '/api': server } } : {},
});
