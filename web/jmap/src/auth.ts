/**
 * Log-in by cookie: the password is sent once and kept nowhere. The cookie is HttpOnly, so we never
 * see it.
 */
import { exchange, json, type Fetch } from './http.ts';
import type { Notice } from './service.ts';

/** The face of the provider: what the log-in page and the frame show. */
export interface Brand {
  name: string;
  title: string;
  /** A colour, `#rrggbb` or `oklch(L C H)`. */
  accent: string;
  languages?: string[];
  /** What the operators say of what is going on; for `/brand` alone. */
  notice?: Notice | null;
  /** A folder with `it/` and `en/` where anybody can complain; for `/brand` alone. */
  complaints?: string | null;
}

export interface Who {
  address: string;
  brand: Brand;
}

export class Auth {
  constructor(private readonly fetch: Fetch) {}

  /** Throws `denied` for a wrong address or password, `tooMany` after too many attempts. */
  async logIn(login: string, password: string): Promise<void> {
    await exchange(this.fetch, '/auth/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login, password }),
    });
  }

  /** Who is logged in; throws `denied` when nobody is. */
  async who(): Promise<Who> {
    return json<Who>(await exchange(this.fetch, '/auth/session', { method: 'GET' }));
  }

  async logOut(): Promise<void> {
    await exchange(this.fetch, '/auth/session', { method: 'DELETE' });
  }

  /** The brand of this host; needs no log-in. */
  async brand(): Promise<Brand> {
    return json<Brand>(await exchange(this.fetch, '/brand', { method: 'GET' }));
  }
}
