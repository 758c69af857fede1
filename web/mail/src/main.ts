/** The way in: finds out the language, paints the page, asks who is there. */
import '@casella/kit/tokens.css';
import '@casella/kit/base.css';
import { startScheme } from '@casella/kit';
import { Gate } from '@casella/store';
import { mount } from 'svelte';
import App from './App.svelte';
import { holds } from './holds.ts';
import { preferred, speak } from './words/words.svelte.ts';

startScheme();
const gate = new Gate(
  (url, init) => fetch(url, init),
  (url) => new EventSource(url, { withCredentials: true }),
  localStorage,
  holds,
);
const looked = gate.look();
await speak(preferred());
const target = document.getElementById('page');
if (target) mount(App, { target, props: { gate } });
await looked;
