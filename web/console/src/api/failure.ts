/** Why something was not done. The details are the server's own English, for operators. */
export type Failure =
  /** No answer: the network, or the server is not there. */
  | { kind: 'unreachable' }
  /** There is no session any more. */
  | { kind: 'denied' }
  /** None of the person's roles may. */
  | { kind: 'forbidden'; detail: string }
  | { kind: 'tooMany'; seconds: number }
  /** Not done, and the server says which rule was against it. */
  | { kind: 'refused'; detail: string }
  /** The part that carries it out is not there now. */
  | { kind: 'away'; detail: string }
  /** Too long for the server. */
  | { kind: 'tooLarge' }
  /** The server says something this page does not understand. */
  | { kind: 'nonsense'; detail: string };

export type Answer<T> =
  /** `wrong`: it was carried out, and something is not as it should be. */
  { name: 'answered'; wrong: boolean; value: T } | { name: 'failed'; failure: Failure };

export const failed = (failure: Failure): { name: 'failed'; failure: Failure } => ({
  name: 'failed',
  failure,
});
