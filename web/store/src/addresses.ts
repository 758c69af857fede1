/** What a reader types into "To": names and addresses, read forgivingly and written exactly. */
import type { EmailAddress } from '@casella/jmap';

export interface Typed {
  addresses: EmailAddress[];
  /** The pieces that are no address, as typed. */
  doubtful: string[];
}

/** More recipients than this in one email are refused by the page; the server has its own limit. */
export const RECIPIENTS_MAX = 500;

/**
 * Splits at commas, semicolons and line ends that stand outside quotes and angle brackets.
 * RFC 5322 §3.4 in spirit; comments and groups are not understood.
 */
export function readAddresses(typed: string): Typed {
  const result: Typed = { addresses: [], doubtful: [] };
  for (const piece of pieces(typed)) {
    const address = readOne(piece);
    if (address) result.addresses.push(address);
    else result.doubtful.push(piece);
  }
  return result;
}

export function writeAddresses(addresses: readonly EmailAddress[]): string {
  return addresses.map(writeOne).join(', ');
}

export function writeOne({ name, email }: EmailAddress): string {
  if (name === null || name === '') return email;
  const plain = /^[\p{L}\p{N}\p{M} !#$%&'*+\-/=?^_`{|}~.]+$/u.test(name);
  return `${plain ? name : `"${name.replace(/(["\\])/g, '\\$1')}"`} <${email}>`;
}

/** How a person is called in a sentence: the name, or the address when there is none. */
export function nameOf(address: EmailAddress | undefined): string {
  return straight(address?.name ?? '').trim() || straight(address?.email ?? '');
}

/** Without the marks that turn the direction of writing: they make `gpj.exe` read as `exe.jpg`. UAX 9 §2. */
export function straight(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '');
}

export function sameAddress(a: EmailAddress, b: EmailAddress): boolean {
  return a.email.toLowerCase() === b.email.toLowerCase();
}

function pieces(typed: string): string[] {
  const found: string[] = [];
  let piece = '';
  let quoted = false;
  let angled = false;
  for (let at = 0; at < typed.length; at++) {
    const c = typed.charAt(at);
    if (quoted && c === '\\') {
      piece += c + typed.charAt(++at);
      continue;
    }
    if (c === '"') quoted = !quoted;
    else if (c === '<' && !quoted) angled = true;
    else if (c === '>' && !quoted) angled = false;
    if (!quoted && !angled && /[,;\r\n]/.test(c)) {
      found.push(piece);
      piece = '';
    } else {
      piece += c;
    }
  }
  return [...found, piece].map((p) => p.trim()).filter((p) => p !== '');
}

function readOne(piece: string): EmailAddress | null {
  const named = /^(.*)<\s*([^<>]*?)\s*>$/s.exec(piece);
  const email = (named?.[2] ?? piece).trim();
  if (!looksLikeAddress(email)) return null;
  const name = unquote((named?.[1] ?? '').trim());
  return { name: name === '' ? null : name, email };
}

/**
 * A local part, one @, a domain; the server decides the rest. RFC 5321 §4.5.3.1: at most 64 and 255
 * octets.
 */
function looksLikeAddress(email: string): boolean {
  return email.length <= 320 && /^[^\s@"<>(),;:\\[\]]{1,64}@[^\s@"<>(),;:\\[\]]{1,255}$/u.test(email);
}

function unquote(name: string): string {
  const quoted = /^"(.*)"$/s.exec(name);
  return quoted ? (quoted[1] ?? '').replace(/\\(.)/gs, '$1').trim() : name;
}
