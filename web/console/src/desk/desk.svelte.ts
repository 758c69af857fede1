/** What every view shares: the client, what the person may, where they are, what they are about to do. */
import { getContext, setContext } from 'svelte';
import type { Client } from '../api/client.ts';
import type { OrderName } from '../api/order.ts';
import { readRoute, writeRoute, type Route } from '../route.ts';
import type { Deed } from './deed.ts';
import type { Gate } from './gate.svelte.ts';

const KEY = Symbol('desk');
const NARROW = '(width < 900px)';

export class Desk {
  route = $state.raw<Route>(readRoute(location.hash));
  /** What is being asked in the dialog. */
  deed = $state.raw<Deed | null>(null);
  /** What was done last, for a moment. */
  notice = $state('');
  online = $state(navigator.onLine);
  phone = $state(matchMedia(NARROW).matches);

  constructor(readonly gate: Gate) {}

  get client(): Client {
    return this.gate.client;
  }

  may = (...orders: OrderName[]): boolean =>
    orders.some((order) => this.gate.person?.may.has(order) === true);

  go(route: Route): void {
    location.hash = writeRoute(route);
  }

  ask(deed: Deed): void {
    this.deed = deed;
  }

  /** Follows the address bar and the window; returns what ends it. */
  start(): () => void {
    const moved = () => (this.route = readRoute(location.hash));
    const media = matchMedia(NARROW);
    const widened = () => (this.phone = media.matches);
    const connected = () => (this.online = navigator.onLine);
    addEventListener('hashchange', moved);
    addEventListener('online', connected);
    addEventListener('offline', connected);
    media.addEventListener('change', widened);
    return () => {
      removeEventListener('hashchange', moved);
      removeEventListener('online', connected);
      removeEventListener('offline', connected);
      media.removeEventListener('change', widened);
    };
  }
}

export const setDesk = (desk: Desk): Desk => setContext(KEY, desk);
export const useDesk = (): Desk => getContext<Desk>(KEY);
