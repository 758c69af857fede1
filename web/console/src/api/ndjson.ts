/** A long answer, as it comes: one JSON object in a line. */
import { Facts } from './facts.ts';

/** Calls `take` with each line; ends with the body. */
export async function eachLine(body: ReadableStream<Uint8Array>, take: (line: Facts) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  const all = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) one(line);
  };
  const one = (line: string) => {
    if (line.trim() === '') return;
    const value: unknown = JSON.parse(line);
    take(Facts.of(value, 'line'));
  };
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    all(decoder.decode(part.value, { stream: true }));
  }
  all(decoder.decode());
  one(rest);
}
