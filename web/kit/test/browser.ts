/**
 * Chromium, with a fresh profile each time it is started, that speaks to nobody but the server under
 * test.
 */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const EXECUTABLE = process.env['CASELLA_CHROMIUM'] ?? '/usr/bin/chromium';
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Names outside this machine do not resolve, so a leak shows as a failed request and never as traffic.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost',
];

export type Size = 'desk' | 'narrow' | 'phone';
export const SIZES: Record<Size, { width: number; height: number }> = {
  desk: { width: 1440, height: 900 },
  narrow: { width: 960, height: 720 },
  phone: { width: 390, height: 844 },
};

export interface Look {
  size?: Size;
  scheme?: 'light' | 'dark';
  language?: 'it' | 'en';
}

/** @param outside where requests to anybody else go; without it they fail */
export function startBrowser(outside?: string): Promise<Browser> {
  const proxy = outside === undefined ? [] : [`--proxy-server=${outside}`];
  return chromium.launch({ executablePath: EXECUTABLE, args: [...ARGS, ...proxy] });
}

/** A reader with nothing remembered, whose page errors and policy violations are kept. */
export class Reader {
  readonly problems: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  /** @param script whether pages may run any */
  static async arrive(browser: Browser, look: Look = {}, script = true): Promise<Reader> {
    const context = await browser.newContext({
      viewport: SIZES[look.size ?? 'desk'],
      hasTouch: look.size === 'phone',
      isMobile: look.size === 'phone',
      deviceScaleFactor: 1,
      colorScheme: look.scheme ?? 'light',
      locale: look.language === 'en' ? 'en-GB' : 'it-IT',
      timezoneId: 'Europe/Rome',
      reducedMotion: 'reduce',
      javaScriptEnabled: script,
    });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const reader = new Reader(context, page);
    page.on('pageerror', (error) => reader.problems.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // Failed loads are written to the console too; the tests that cause them look for them themselves.
      const text = message.text();
      if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(text))
        reader.problems.push(text);
    });
    return reader;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
