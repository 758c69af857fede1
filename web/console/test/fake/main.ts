/** Runs the fake by itself: `npm run fake console`, then open the address it prints. */
import { fileURLToPath } from 'node:url';
import { FakeStaff } from './server.ts';

const server = new FakeStaff(fileURLToPath(new URL('../../dist', import.meta.url)));
const url = await server.listen(Number(process.env['PORT'] ?? 8098));
process.stdout.write(`${url}/console/  carla, dario, sara, paola, bice, remo  casella\n`);
