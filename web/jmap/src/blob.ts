/** Bytes up and down. RFC 8620 §6. */
import type { JmapClient } from './client.ts';
import { exchange, json } from './http.ts';
import { expand } from './session.ts';
import type { AccountId, BlobId } from './wire.ts';

export interface Uploaded {
  accountId: AccountId;
  blobId: BlobId;
  type: string;
  size: number;
}

/** A slow line needs time for a large file: ten minutes, in milliseconds. */
const TRANSFER_MILLIS_MAX = 600_000;

export async function upload(client: JmapClient, file: Blob, signal?: AbortSignal): Promise<Uploaded> {
  const url = expand(client.session.uploadUrl, { accountId: client.accountId });
  const response = await exchange(
    client.fetch,
    url,
    {
      method: 'POST',
      headers: { 'Content-Type': file.type || 'application/octet-stream' },
      body: file,
      ...(signal ? { signal } : {}),
    },
    TRANSFER_MILLIS_MAX,
  );
  return json<Uploaded>(response);
}

/** Where the browser can fetch the bytes; `name` becomes the file name. */
export function downloadUrl(
  client: JmapClient,
  blob: { blobId: BlobId; type: string; name: string },
): string {
  return expand(client.session.downloadUrl, { accountId: client.accountId, ...blob });
}

export async function download(
  client: JmapClient,
  blob: { blobId: BlobId; type: string; name: string },
): Promise<Blob> {
  const response = await exchange(
    client.fetch,
    downloadUrl(client, blob),
    { method: 'GET' },
    TRANSFER_MILLIS_MAX,
  );
  return response.blob();
}
