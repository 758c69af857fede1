/** What an order of the fake gets, and what it gives back. */
import type { State } from './state.ts';

export type Fields = Record<string, unknown>;
export type Row = Record<string, unknown>;

export interface Answered {
  facts: Row;
  rows: Row[];
  /** Carried out, and something is wrong. */
  found?: boolean;
}

export interface Doing {
  state: State;
  by: string;
  fields: Fields;
  /** Keeps a file; returns where it can be had once. */
  file(name: string, content: Buffer): string;
  progress(done: number, of: number, unit: string): void;
}

export type Order = (doing: Doing) => Answered | Promise<Answered>;

/** Not done; the message names field and rule. */
export class Refused extends Error {}

export const done = (facts: Row, rows: Row[] = [], found = false): Answered => ({ facts, rows, found });

export const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

export const number = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' ? value : 0;
};
