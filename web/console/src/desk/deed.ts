/**
 * One thing a person may have done: what it says before it is done, what it needs to know, what must be
 * typed,
 * how it is looked at first and how it is done. One dialog carries all of them out.
 */
import type { Client, Progress } from '../api/client.ts';
import type { Answer } from '../api/failure.ts';

export interface Field {
  name: string;
  label: string;
  hint?: string;
  kind: 'text' | 'area' | 'number' | 'choice' | 'choices' | 'check' | 'moment' | 'day' | 'csv' | 'file';
  options?: { value: string; label: string }[];
  value?: string;
  required?: boolean;
  /** Of an area. */
  rows?: number;
  /** Written for a machine to read. */
  code?: boolean;
}

/**
 * By the fields' names. A check is `yes` or empty; choices are joined as `listed` takes them apart; a file is
 * Base64, with `NAME.name` and `NAME.type` beside it.
 */
export type Values = Record<string, string>;

/** What was chosen of several, or written with commas between. */
export const listed = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** What there is to say about how it ended; `file` is to be had at once. */
export interface Told {
  lines: string[];
  wrong: boolean;
  file?: { name: string; href: string; label: string };
}

export interface Deed {
  title: string;
  /** What will happen, and to how many. */
  says: string;
  fields?: Field[];
  /** There is much to write. */
  wide?: boolean;
  /** What must be typed before it can be done. */
  target?(values: Values): string;
  button: string;
  /** It breaks or takes something away. */
  warns?: boolean;
  /** Asks what would happen; changes nothing. */
  look?(values: Values, client: Client): Promise<Answer<Told>>;
  /** Null: there is nothing more to say than that it is done. */
  run(values: Values, client: Client, progress: (progress: Progress) => void): Promise<Answer<Told | null>>;
  /** Said when it is done. */
  done: string;
  after?(): void;
}

/** The same answer, told. */
export function told<T, U>(answer: Answer<T>, tell: (value: T, wrong: boolean) => U): Answer<U> {
  return answer.name === 'failed' ? answer : { ...answer, value: tell(answer.value, answer.wrong) };
}

/** Nothing more than that it is done. */
export async function plainly<T>(answer: Promise<Answer<T>>): Promise<Answer<null>> {
  return told(await answer, () => null);
}

/** Whether a text is what must be typed: case and spaces around are let be. */
export function typedRight(typed: string, target: string): boolean {
  return typed.trim().toLowerCase() === target.trim().toLowerCase();
}

/** What is missing before it can be looked at or done: the names of fields. */
export function missing(fields: Field[], values: Values): string[] {
  return fields
    .filter((field) => field.required === true && (values[field.name] ?? '').trim() === '')
    .map((field) => field.name);
}
