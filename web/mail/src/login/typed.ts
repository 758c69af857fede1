/** What somebody wrote into the log-in form that the server made, before our own takes its place. */
export interface Typed {
  login: string;
  password: string;
  /** Where they were writing. */
  at: 'login' | 'password' | null;
}

export const NOTHING_TYPED: Typed = { login: '', password: '', at: null };

export function typedIn(page: ParentNode): Typed {
  const field = (id: string) => page.querySelector<HTMLInputElement>(`input#${id}`);
  const login = field('login');
  const password = field('password');
  const now = document.activeElement;
  return {
    login: login?.value ?? '',
    password: password?.value ?? '',
    at: now === null ? null : now === login ? 'login' : now === password ? 'password' : null,
  };
}
