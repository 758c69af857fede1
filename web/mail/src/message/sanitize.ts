/**
 * Makes an HTML email fit to be shown: cleaned here, then shut in a frame that runs nothing and loads nothing
 * (HtmlBody.svelte). The threat model is docs/webmail-html.md; each wall there holds without the others.
 */
import createPurifier from 'dompurify';

export interface Prepared {
  /** A whole document for `srcdoc`. */
  document: string;
  /** How many things would have come from the internet and were not let. */
  blocked: number;
}

export interface Ask {
  html: string;
  /** Content ids of inline images to `data:` URLs. */
  inline: ReadonlyMap<string, string>;
  /** The reader said yes to images from the internet, for this email and this once. */
  remote: boolean;
  dark: boolean;
}

/** Nothing of these survives, nor does what is inside the first group. */
const TAGS_DROPPED = [
  'form',
  'input',
  'button',
  'select',
  'option',
  'textarea',
  'link',
  'meta',
  'base',
  'iframe',
  'frame',
  'frameset',
  'object',
  'embed',
  'applet',
  'audio',
  'video',
  'source',
  'track',
  'picture',
  'svg',
  'math',
  'template',
  'dialog',
  'portal',
  'slot',
];
const ATTRIBUTES_DROPPED = [
  'srcset',
  'ping',
  'formaction',
  'action',
  'autofocus',
  'tabindex',
  'contenteditable',
  'popover',
  'popovertarget',
  'is',
  'slot',
  'id',
  'name',
  'usemap',
  'longdesc',
  'download',
];
/**
 * Values that name one of our schemes or none at all; the purifier asks this of every attribute, not
 * only links.
 */
const VALUES = /^(?:(?:https?|mailto|tel|cid):|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i;
/** Where an image may come from, each then judged by itself. */
const IMAGE = /^\s*(?:cid:|data:image\/|(?:https?:)?\/\/)/i;
/** Longest HTML we clean; beyond it the plain text is shown. In characters. */
export const HTML_CHARS_MAX = 4_000_000;

export function policy(remote: boolean): string {
  // Only over https: an image asked for in the clear tells everybody on the way what is being read.
  const images = remote ? 'data: https:; upgrade-insecure-requests' : 'data:';
  return `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`;
}

export function prepare({ html, inline, remote, dark }: Ask): Prepared {
  const purifier = createPurifier(window);
  let blocked = 0;
  const outside = (value: string) => /^\s*(https?:)?\/\//i.test(value);

  purifier.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName === 'IMG') {
      const source = node.getAttribute('src') ?? '';
      const cid = /^\s*cid:(.+)$/i.exec(source)?.[1];
      if (cid !== undefined) {
        const data = inline.get(bare(cid));
        if (data) node.setAttribute('src', data);
        else node.removeAttribute('src');
      } else if (outside(source) && !remote) {
        blocked++;
        node.removeAttribute('src');
      } else if (!IMAGE.test(source)) {
        // A path of our own server, or nothing at all.
        node.removeAttribute('src');
      }
    }
    const background = node.getAttribute('background');
    if (background !== null) {
      if (outside(background) && !remote) blocked++;
      if (!remote || !outside(background)) node.removeAttribute('background');
    }
    const style = node.getAttribute('style');
    if (style !== null && !remote && loads(style)) blocked++;
    if (node.nodeName === 'A' || node.nodeName === 'AREA') shutLink(node);
  });

  const body = purifier.sanitize(html.slice(0, HTML_CHARS_MAX), {
    USE_PROFILES: { html: true },
    FORBID_TAGS: TAGS_DROPPED,
    FORBID_ATTR: ATTRIBUTES_DROPPED,
    FORCE_BODY: true,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: VALUES,
    WHOLE_DOCUMENT: false,
  });
  if (!remote)
    blocked += [...body.matchAll(/<style[\s>][\s\S]*?<\/style/gi)].filter(([sheet]) => loads(sheet)).length;
  const own = /color\s*[:=]|background|bgcolor/i.test(body);
  return { document: page(body, remote, dark && !own), blocked };
}

/** A link leaves by a new tab that knows nothing of us; one within the email would move our frame. */
function shutLink(node: Element): void {
  if (!/^\s*(https?:|mailto:|tel:)/i.test(node.getAttribute('href') ?? '')) {
    node.removeAttribute('href');
    return;
  }
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
}

function loads(css: string): boolean {
  return /url\s*\(\s*["']?\s*(?!data:)|@import|image-set\s*\(/i.test(css);
}

export function bare(contentId: string): string {
  let id = contentId;
  try {
    id = decodeURIComponent(contentId);
  } catch {
    // Not escaped after all.
  }
  return id.trim().replace(/^<|>$/g, '').toLowerCase();
}

function page(body: string, remote: boolean, dark: boolean): string {
  const [paper, ink, link] = dark ? ['#1b1d21', '#e8e9eb', '#8ab8f0'] : ['#ffffff', '#1c1e22', '#1f5fa8'];
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(remote)}">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">
<style>:root{color-scheme:${dark ? 'dark' : 'light'}}
html{background:${paper};color:${ink};font:15px/1.47 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
body{margin:0;padding:16px 24px 32px;overflow-wrap:anywhere}a{color:${link}}img{max-width:100%}
img:not([src]){display:none}table{max-width:100%}pre{white-space:pre-wrap}
blockquote{margin:0 0 0 4px;padding-left:12px;border-left:2px solid #8886}
@media(max-width:720px){body{padding:12px 16px 24px}}</style></head><body>${body}</body></html>`;
}
