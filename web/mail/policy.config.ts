/**
 * What the page may do, as its meta element says it; docs/webmail-html.md has the reasons. The frame
 * that shows an HTML email inherits this policy and adds a stricter one of its own, so images from
 * elsewhere are named here although the page itself has none. The one form that is sent is the
 * server's log-in, there before the script. `frame-ancestors` works in a header only and is the
 * server's to send.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');
