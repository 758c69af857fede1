/**
 * What the console may do, as its meta element says it. It shows no HTML of anybody's and loads nothing from
 * elsewhere, so this is narrower than the webmail's: no style written into the page, no frame, no image but
 * its
 * own sign. `frame-ancestors` works in a header only and is the server's to send.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
