/** The images an email carries for its own text, as `data:` URLs. */
import { download, type EmailFull, type JmapClient } from '@casella/jmap';
import { bare } from './sanitize.ts';

/** Inline images beyond this are left out: they live in memory as text. Bytes, together. */
const INLINE_BYTES_MAX = 20_000_000;

/** Pictures only, and none that can hold markup. */
const IMAGE = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i;

/**
 * Content id to `data:` URL. The frame of an email has no origin, so it cannot read our blobs:
 * inline images travel inside its document. An image that cannot be had now leaves a gap.
 */
export async function loadInline(client: JmapClient, email: EmailFull): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let left = INLINE_BYTES_MAX;
  for (const { blobId, cid, type, size, name } of [...email.attachments, ...email.htmlBody]) {
    if (!blobId || !cid || !IMAGE.test(type) || (left -= size) < 0) continue;
    try {
      found.set(
        bare(cid),
        await dataUrl(await download(client, { blobId, type, name: name ?? 'image' }), type),
      );
    } catch {
      left += size;
    }
  }
  return found;
}

function dataUrl(blob: Blob, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    const head = `data:${type.toLowerCase()};base64,`;
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, head));
    reader.onerror = () => reject(new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
}
