/** What each order of the fake does. */
import { care } from './care.ts';
import { desk } from './desk.ts';
import type { Order } from './doing.ts';
import { giving } from './giving.ts';
import { help } from './help.ts';
import { machine } from './machine.ts';
import { people } from './people.ts';

export const orders: Record<string, Order> = { ...machine, ...people, ...desk, ...giving, ...care, ...help };
