/** The English words. Written, not translated; `it.ts` says the same in its own way. */
import type { HelpScope, JmapFailure } from '@casella/jmap';
import type { Deed } from '@casella/store';

const plural = new Intl.PluralRules('en');
const n = (count: number, one: string, other: string) =>
  `${new Intl.NumberFormat('en').format(count)} ${plural.select(count) === 'one' ? one : other}`;
const number = (count: number) => new Intl.NumberFormat('en').format(count);
const emails = (count: number) => n(count, 'email', 'emails');

export const en = {
  language: 'en',
  locale: 'en-GB',

  login: {
    title: 'Log in to your mailbox',
    missing: 'Write your address and your password.',
    address: 'Email address',
    password: 'Password',
    submit: 'Log in',
    busy: 'Logging in…',
    refused: 'Address and password do not match. Check both and try again.',
    tooMany: (minutes: number) => `Too many attempts. Try again in ${n(minutes, 'minute', 'minutes')}.`,
    notYet: (place: number, minutes: number, retry: number) =>
      `We let everyone in a few at a time.${place > 0 ? ` Your place in the line is ${new Intl.NumberFormat('en').format(place)},` : ''} your turn is in about ${n(minutes, 'minute', 'minutes')}. We try again by ourselves in ${n(retry, 'minute', 'minutes')}; your mail is safe.`,
    left: 'You are logged out.',
    expired: 'Your log-in has ended. Log in again; what you were writing is kept.',
    show: 'Show password',
    hide: 'Hide password',
    language: 'Italiano',
    status: 'Service status',
    complaints: 'Complaints',
    languageLabel: 'Passa all’italiano',
  },

  folders: {
    title: 'Folders',
    ways: 'Ways through your mail',
    inbox: 'Inbox',
    drafts: 'Drafts',
    sent: 'Sent',
    archive: 'Archive',
    junk: 'Spam',
    trash: 'Trash',
    flagged: 'Starred',
    write: 'Write',
    unread: (count: number) => `${count} unread`,
    failed: 'Folders can’t be shown right now',
    collapse: 'Narrow the folders',
    expand: 'Widen the folders',
  },

  list: {
    search: 'Search all mail',
    clearSearch: 'Clear search',
    results: (text: string) => `Results for “${text}”`,
    total: emails,
    emptyInbox: 'Your inbox is empty',
    emptyInboxText: 'New mail appears here by itself.',
    empty: 'Nothing in this folder',
    emptyText: 'What you move here will be listed here.',
    noResults: 'Nothing found',
    noResultsText: 'Try fewer words, or part of a name or address.',
    failed: 'This folder can’t be shown right now',
    noSubject: '(no subject)',
    noSender: '(no sender)',
    unread: 'Unread',
    attachment: 'Has an attachment',
    flagged: 'Starred',
    answered: 'Answered',
    draft: 'Draft',
    to: (names: string) => `To ${names}`,
    select: (subject: string) => `Select ${subject}`,
    selected: (count: number) => `${count} selected`,
    selectNone: 'Clear selection',
    gone: 'This email is gone',
    rows: 'Emails',
    compact: 'Compact rows',
    comfortable: 'Comfortable rows',
  },

  message: {
    nothing: 'No email open',
    nothingText: 'Choose one from the list.',
    failed: 'This email can’t be opened right now',
    goneTitle: 'This email is gone',
    goneText: 'It was deleted, here or in another program.',
    from: 'From',
    to: 'To',
    cc: 'Cc',
    bcc: 'Bcc',
    replyTo: 'Answers go to',
    date: 'Date',
    genuine: (brand: string) => `verified: from ${brand} itself`,
    pretended: (brand: string) => `this message pretends to be from ${brand}`,
    toMe: 'me',
    details: 'Show all addresses',
    hideDetails: 'Hide addresses',
    imagesBlocked: 'Images are not loaded, so the sender can’t see that you read this.',
    showImages: 'Show images',
    body: 'Text of the email',
    quoted: 'Show quoted text',
    quotedHide: 'Hide quoted text',
    truncated: 'This email is very long; only its beginning is shown.',
    downloadAll: 'Download the whole email',
    attachments: (count: number) => n(count, 'attachment', 'attachments'),
    download: 'Download',
    unnamed: 'attachment',
    noText: 'This email has no text.',
  },

  actions: {
    reply: 'Reply',
    replyAll: 'Reply to all',
    forward: 'Forward',
    archive: 'Archive',
    trash: 'Delete',
    destroy: 'Delete for ever',
    junk: 'Spam',
    notJunk: 'Not spam',
    move: 'Move to…',
    markSeen: 'Mark as read',
    markUnseen: 'Mark as unread',
    flag: 'Star',
    unflag: 'Remove star',
    undo: 'Undo',
    back: 'Back',
    more: 'More',
    retry: 'Try again',
    close: 'Close',
    cancel: 'Cancel',
    next: 'Next email',
    previous: 'Previous email',
    open: 'Open',
    select: 'Select',
    search: 'Search',
    write: 'Write',
    goInbox: 'Go to the inbox',
    keys: 'Keys',
    commands: 'All actions',
    logOut: 'Log out',
    own: 'Your mailbox',
    download: 'Download as a file',
    scheme: 'Light or dark',
    language: 'Italiano',
    destroyAsk: (count: number) => `Delete ${emails(count)} for ever?`,
    destroyText: 'They can’t be brought back from here.',
    find: 'Find an action…',
    findFolder: 'Find a folder…',
    nothingFound: 'Nothing of that name.',
  },

  compose: {
    title: 'New email',
    to: 'To',
    cc: 'Cc',
    bcc: 'Bcc',
    addCc: 'Cc and Bcc',
    subject: 'Subject',
    text: 'Text',
    send: 'Send',
    attach: 'Attach files',
    discard: 'Discard',
    close: 'Keep as draft and close',
    smaller: 'Make smaller',
    larger: 'Make larger',
    attachments: 'Attachments',
    remove: (name: string) => `Remove ${name}`,
    retry: (name: string) => `Try ${name} again`,
    uploading: 'uploading…',
    uploadFailed: 'Not uploaded.',
    dropHere: 'Drop files to attach them',
    states: {
      untouched: '',
      edited: 'Not kept yet',
      keptHere: 'Kept on this device',
      saving: 'Keeping…',
      kept: (time: string) => `Kept at ${time}`,
      notKept: 'Can’t reach your mailbox. Kept on this device; tried again by itself.',
      notKeptAnywhere: 'This email is kept nowhere yet. Keep this page open.',
      sending: 'Sending…',
    },
    obstacles: {
      noRecipient: 'Add at least one address.',
      tooManyRecipients: (max: number) => `At most ${max} addresses in one email.`,
      doubtful: (piece: string) => `Check this address: ${piece}`,
      notUploaded: 'An attachment did not make it. Try it again, or remove it.',
      noIdentity: 'Your mailbox can’t be reached, so this can’t be sent yet. It is kept.',
    },
    forgot: 'You mention an attachment, but none is attached.',
    sendAnyway: 'Send anyway',
    notSent: 'Not sent. It is kept as a draft.',
    sent: 'Sent.',
    discarded: 'Draft discarded.',
    recovered: 'You were writing an email that never reached your mailbox.',
    continue: 'Continue writing',
    wrote: (who: string, when: string) => `On ${when}, ${who} wrote:`,
    forwarded: '---------- Forwarded email ----------',
    mentions: /\battach(ed|ment|ments|ing)\b|\benclosed\b/i,
  },

  deeds: {
    archived: (count: number) => (count === 1 ? 'Archived.' : `${emails(count)} archived.`),
    trashed: (count: number) =>
      count === 1 ? 'Moved to the trash.' : `${emails(count)} moved to the trash.`,
    destroyed: (count: number) => (count === 1 ? 'Deleted for ever.' : `${emails(count)} deleted for ever.`),
    moved: (count: number, where: string) =>
      count === 1 ? `Moved to ${where}.` : `${emails(count)} moved to ${where}.`,
    junked: (count: number) => (count === 1 ? 'Moved to spam.' : `${emails(count)} moved to spam.`),
    seen: (count: number) => `${emails(count)} marked as read.`,
    unseen: (count: number) => `${emails(count)} marked as unread.`,
    flagged: (count: number) => `${emails(count)} starred.`,
    unflagged: (count: number) => `${emails(count)} without star.`,
    undone: 'Undone.',
    failed: {
      archived: 'Not archived.',
      trashed: 'Not deleted.',
      destroyed: 'Not deleted.',
      moved: 'Not moved.',
      junked: 'Not moved to spam.',
      seen: 'Not marked.',
      unseen: 'Not marked.',
      flagged: 'Not starred.',
      unflagged: 'Star not removed.',
    } satisfies Record<Deed, string>,
  },

  state: {
    offline: 'You are not connected. Mail already here can be read; what you write is kept.',
    reconnecting: 'Connecting again…',
    reduced: (folder: string) =>
      `Your folders are closed because of a fault. New mail arrives in “${folder}”; your folders will be back, nothing is lost.`,
    received: 'Received during the fault',
    sealed:
      'Your messages are kept safe, but because of a fault they can’t be opened right now. Folders and lists work; new mail is kept and appears when this is over.',
  },

  /** What a failure means and what to do; the code is shown apart, in small print. */
  failure: (failure: JmapFailure): string => {
    switch (failure.kind) {
      case 'unreachable':
        return 'The mail service can’t be reached. Check your connection; we try again by ourselves.';
      case 'unavailable':
        return 'The mail service can’t answer right now. Nothing is lost; try again in a moment.';
      case 'denied':
        return 'Your log-in has ended. Log in again.';
      case 'notYet':
        return 'We let everyone in a few at a time. Your mail is safe; try again in a few minutes.';
      case 'tooMany':
        return 'Too much at once. Try again in a minute.';
      case 'refused':
      case 'method':
      case 'nonsense':
        return 'Something went wrong on our side. Try again; if it happens again, tell support the code below.';
    }
  },

  /** What is known of the mailbox beside its mail. */
  own: {
    intro: 'What we measured and keep of your mailbox beside your emails. Take it with you as a file.',
    days: 'The last 90 days',
    goesOn: 'still going on',
    span: (from: string, until: string) => `${from} to ${until}`,
    allWorked: 'Everything worked all the time.',
    ability: {
      mailbox: 'Mailbox out of reach',
      logIn: 'Logging in did not work',
      read: 'Reading did not work',
      receive: 'Receiving did not work',
      send: 'Sending did not work',
      push: 'News of new mail did not come',
    },
    time: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
    meanwhile: (count: number) =>
      count === 0 ? 'No email came meanwhile.' : `${emails(count)} came meanwhile.`,
    triedTitle: 'Who tried to write to you',
    triedNone: 'In the last 90 days we turned nobody away.',
    triedText: 'Emails that were not taken in the last 90 days. Their senders were told.',
    triedMore: (count: number) => `and ${number(count)} more, in the file`,
    notice: 'a delivery notice',
    reason: (code: number | null): string =>
      code === null
        ? 'the connection broke'
        : code === 452
          ? 'your mailbox was full'
          : code < 500
            ? 'we asked to try again later'
            : 'it was refused',
    came: 'came later',
    gone: 'nothing came later',
    proofTitle: 'What became of your emails',
    counting: 'Being counted…',
    countAway: 'They can’t be counted right now. Your emails are kept; look again later.',
    counted: (accepted: number, filed: number, deleted: number, waiting: number) =>
      `Of ${emails(accepted)} that were ever accepted, ${number(filed)} are in your mailbox, ${number(deleted)} were deleted since, ${n(waiting, 'waits', 'wait')} to be filed.`,
    lostNone: 'None was lost.',
    lost: (count: number) => `${emails(count)} can’t be found anywhere. Please call us.`,
    unreachable: (count: number) => `${emails(count)} can’t be reached right now.`,
    signed: (at: string) => `Counted ${at}; the file holds this signed by our server.`,
    givenTitle: 'What you were given',
    givenNone: 'Nothing so far.',
    room: (size: string) => `${size} more room, for good`,
    months: (count: number) => n(count, 'month free', 'months free'),
    ended: 'taken back',
    take: 'Take it as a file',
    failed: 'This can’t be shown right now',
  },

  /** Where news go when the mailbox cannot be opened. */
  second: {
    title: 'A second address',
    intro:
      'Should you ever be unable to open your mailbox, “Cannot log in?” sends news of it to an address of another provider.',
    address: 'Email address',
    send: 'Send the code',
    pending: (address: string) => `We sent a code to ${address}. It is good for half an hour.`,
    code: 'The code of six digits',
    confirm: 'Confirm',
    kept: (address: string) => `News go to ${address}.`,
    remove: 'Remove the address',
    unfit:
      'It takes an email address of another provider: one of ours would be away together with the mailbox.',
    wrongCode: 'The code is not that one, or is no longer good.',
    tooMany: 'Too many codes today. Try again tomorrow.',
  },

  /** Somebody is let look inside the mailbox. */
  help: {
    title: 'Let the help desk look inside',
    intro:
      'Make a code and tell it to whoever helps you. They can then look for 30 minutes, as far as you say; they can change nothing. You see every look here, and can end it at any moment.',
    how: 'What they may see',
    scopes: {
      folders: 'folders, and how many emails are in them',
      messages: 'also the list of emails: sender, subject, date, size',
      contents: 'also what an email says, without attachments',
    } satisfies Record<HelpScope, string>,
    make: 'Make a code',
    tell: 'Tell it only to somebody you called yourself. It is good for 15 minutes, once, and is not shown again.',
    waiting: (until: string) => `The code is good until ${until}; nobody has used it yet.`,
    looking: (by: string, until: string) => `${by} can look until ${until}.`,
    cancel: 'Cancel the code',
    end: 'End it',
    looked: {
      folders: 'the list of folders',
      messages: (folder: string) => `the emails in “${folder}”`,
      contents: 'an email',
    },
    lookedNone: 'Nothing has been looked at.',
    past: 'Who looked inside',
    was: (by: string, at: string, count: number) => `${by}, ${at}: looked ${n(count, 'time', 'times')}`,
    tooMany: 'Too many codes today. Try again tomorrow.',
  },

  keys: {
    title: 'Keys',
    move: 'Move in the list',
    groupList: 'List',
    groupEmail: 'Email',
    groupAll: 'Everywhere',
  },
};

export type Words = typeof en;
