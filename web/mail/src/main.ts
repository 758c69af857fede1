/** The way in: finds out the language, paints the page, asks who is there. */
import '@casella/kit/tokens.css';
import '@casella/kit/base.css';
import { startScheme } from '@casella/kit';
import { Gate } from '@casella/store';
import { mount } from 'svelte';
import App from './App.svelte';
import { holds } from './holds.ts';
import { typedIn } from './login/typed.ts';
import { preferred, speak } from './words/words.svelte.ts';

startScheme();
const gate = new Gate(
  (url, init) => fetch(url, init),
  (url) => new EventSource(url, { withCredentials: true }),
  localStorage,
  holds,
);
await Promise.all([gate.look(), speak(preferred())]);
const target = document.getElementById('page');
if (target) {
  const typed = typedIn(target);
  target.replaceChildren();
  document.getElementById('door-style')?.remove();
  mount(App, { target, props: { gate, typed } });
}
