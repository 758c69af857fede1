/** The session object: what this server is and which accounts the reader has. RFC 8620 §2. */
import { JmapError } from './errors.ts';
import { exchange, json, type Fetch } from './http.ts';
import { CAPABILITY, type AccountId } from './wire.ts';

export interface CoreLimits {
  maxSizeUpload: number;
  maxObjectsInGet: number;
  maxObjectsInSet: number;
  maxCallsInRequest: number;
}

export interface Session {
  capabilities: Record<string, Partial<CoreLimits>>;
  accounts: Record<string, { name: string; isPersonal: boolean; isReadOnly: boolean }>;
  primaryAccounts: Record<string, AccountId>;
  username: string;
  apiUrl: string;
  downloadUrl: string;
  uploadUrl: string;
  eventSourceUrl: string;
  state: string;
}

/** RFC 8620 §2.2 */
export const SESSION_URL = '/.well-known/jmap';

/** What RFC 8620 §2 suggests as least values, for a server that keeps silent. */
const LIMITS: CoreLimits = {
  maxSizeUpload: 50_000_000,
  maxObjectsInGet: 500,
  maxObjectsInSet: 500,
  maxCallsInRequest: 16,
};

export async function fetchSession(fetch: Fetch): Promise<Session> {
  return json<Session>(await exchange(fetch, SESSION_URL, { method: 'GET' }));
}

export function mailAccount(session: Session): AccountId {
  const account = session.primaryAccounts[CAPABILITY.mail];
  if (!account) throw new JmapError({ kind: 'nonsense', code: 'no mail account' });
  return account;
}

export function limitsOf(session: Session): CoreLimits {
  return { ...LIMITS, ...session.capabilities[CAPABILITY.core] };
}

/** Fills a URI template of level 1, as the session's URLs are. RFC 8620 §2, RFC 6570 §3.2.2. */
export function expand(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}
