/**
 * Everything that is not the server under test: a proxy on this machine through which the browser must go to
 * reach anybody else, and which writes down who it was asked for. Watching inside the browser would miss what
 * a frame in a process of its own asks for first.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  /** `http://host/path`, or `https://host` of which no more can be seen. */
  url: string;
  referer: string | undefined;
}

/** What the browser asks on its own account, whatever it shows. Refused like all else, and not counted. */
const BROWSERS_OWN = /^https:\/\/(accounts\.google\.com|[\w-]+\.googleapis\.com|[\w-]+\.gvt1\.com)$/;

export class Outside {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push({ url: request.url ?? '', referer: request.headers.referer });
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>outside</p>');
    });
    this.#server.on('connect', (request, socket) => {
      this.asked.push({ url: `https://${(request.url ?? '').replace(/:443$/, '')}`, referer: undefined });
      socket.end('HTTP/1.1 502 Not from here\r\n\r\n');
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Who was asked for by the pages. */
  urls(): string[] {
    return this.asked.map(({ url }) => url).filter((url) => !BROWSERS_OWN.test(url));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
