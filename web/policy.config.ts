import type { Plugin } from 'vite';

/**
 * Writes a content security policy into the built page; the dev server needs inline scripts and has
 * none.
 */
export function policy(content: string): Plugin {
  return {
    name: 'casella-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content },
        injectTo: 'head-prepend',
      },
    ],
  };
}
