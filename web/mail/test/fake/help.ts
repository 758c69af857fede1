/** Help inside a mailbox, as the server keeps it: codes, who looks, at what. */
import type { Help, HelpScope } from '@casella/jmap';

const MINUTE = 60_000;
const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();

export class FakeHelps {
  list: Help[] = [];
  code = 'ABCDE-FGHJK';

  /** Undefined for a method that is about something else. */
  answer(method: string, args: Record<string, unknown>): object | undefined {
    if (method === 'Help/get') return { state: '1', list: this.list, notFound: [] };
    if (method !== 'Help/set') return undefined;
    const create = args['create'] as { help?: { scope: HelpScope } } | undefined;
    const ended = Object.keys((args['update'] as object | undefined) ?? {});
    this.list = this.list.map((one) =>
      ended.includes(one.id) ? { ...one, open: false, ended: at(0) } : one,
    );
    if (!create?.help) return { newState: '2', updated: Object.fromEntries(ended.map((id) => [id, null])) };
    this.list = this.list.map((one) => (one.by === null ? { ...one, open: false, ended: at(0) } : one));
    if (this.list.length >= 3) return { newState: '2', notCreated: { help: { type: 'rateLimit' } } };
    const help: Help = {
      id: `h${this.list.length + 1}`,
      scope: create.help.scope,
      made: at(0),
      until: at(15),
      by: null,
      began: null,
      ended: null,
      open: true,
      looks: [],
    };
    this.list = [help, ...this.list];
    return { newState: '2', created: { help: { id: help.id, code: this.code, until: help.until } } };
  }

  /** Somebody uses the code and looks at all they may. */
  begin(by: string, email: string): void {
    const looks = [
      { at: at(0), what: 'folders' as const, about: null },
      { at: at(0), what: 'messages' as const, about: 'mb-inbox' },
      { at: at(0), what: 'contents' as const, about: email },
    ];
    this.list = this.list.map((one) => (one.open ? { ...one, by, began: at(0), until: at(30), looks } : one));
  }
}
