/** Runs the fake by itself: `npm run fake`, then open the address it prints. */
import { fileURLToPath } from 'node:url';
import { fill } from './letters.ts';
import { FakeServer } from './server.ts';

const server = new FakeServer(fileURLToPath(new URL('../../dist', import.meta.url)));
fill(server);
const url = await server.listen(Number(process.env['PORT'] ?? 8099));
process.stdout.write(`${url}  anna@posta.example  casella\n`);
