/** The words of the audit log. */
export const audit = {
  text: 'Every order that changes something, by whom and how it ended. It only ever grows.',
  none: 'Nothing was ordered yet',
  noneText: 'The first order that changes something will be here.',
  begins: 'begun',
  done: 'done',
  refused: 'refused',
  wrong: 'done, something is wrong',
  older: 'Older',
  end: 'That is all there is.',
  staff: 'Who works here',
  staffText: 'People are entered and removed at the machine itself: casella staff.',
  log: 'Orders',
};
