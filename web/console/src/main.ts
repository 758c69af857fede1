/** The way in: finds out the language, paints the page, asks who is there. */
import '@casella/kit/tokens.css';
import '@casella/kit/base.css';
import './parts/console.css';
import { preferred, startScheme } from '@casella/kit';
import { mount } from 'svelte';
import App from './App.svelte';
import { Gate } from './desk/gate.svelte.ts';
import { speak } from './words/words.svelte.ts';

startScheme();
const gate = new Gate((url, init) => fetch(url, init));
const looked = gate.look();
await speak(preferred());
const target = document.getElementById('page');
if (target) mount(App, { target, props: { gate } });
await looked;
