// Reads an account with jmap-jam as a mail client does: mailboxes, list, threads, bodies, and every byte of every mail;
// then writes a mail, sends it to itself and sees it arrive. Prints one line; anything wrong ends it with an error.
//
//   node read-all.mjs BASE-URL LOGIN PASSWORD MAILS
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { JamClient } from 'jmap-jam';

const [base, login, password, expected] = process.argv.slice(2);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const logIn = await fetch(`${base}/auth/session`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ login, password }),
});
assert.equal(logIn.status, 204);
const bearerToken = /casella-session=([^;]+)/.exec(logIn.headers.get('set-cookie'))[1];

const jam = new JamClient({ bearerToken, sessionUrl: `${base}/.well-known/jmap` });
const accountId = await jam.getPrimaryAccount();
const [mailboxes] = await jam.api.Mailbox.get({ accountId, ids: null });
const inbox = mailboxes.list.find((one) => one.role === 'inbox');
const drafts = mailboxes.list.find((one) => one.role === 'drafts');
const sent = mailboxes.list.find((one) => one.role === 'sent');
assert.equal(inbox.totalEmails, Number(expected));

let seen = 0;
let parts = 0;
for (let position = 0; ; ) {
  const [page] = await jam.requestMany((b) => {
    const query = b.Email.query({
      accountId,
      filter: { inMailbox: inbox.id },
      sort: [{ property: 'receivedAt', isAscending: false }],
      position,
      limit: 25,
      calculateTotal: true,
    });
    const list = b.Email.get({ accountId, ids: query.$ref('/ids') });
    const threads = b.Thread.get({ accountId, ids: list.$ref('/list/*/threadId') });
    return { query, list, threads };
  });
  assert.equal(page.query.total, Number(expected));
  if (page.query.ids.length === 0) break;
  position += page.query.ids.length;
  assert.deepEqual(page.list.list.map((one) => one.id), page.query.ids);
  assert.deepEqual(page.threads.notFound, []);
  for (const row of page.list.list) {
    const [full] = await jam.api.Email.get({
      accountId,
      ids: [row.id],
      fetchAllBodyValues: true,
      properties: ['blobId', 'size', 'headers', 'bodyStructure', 'bodyValues', 'textBody', 'htmlBody', 'attachments'],
    });
    const email = full.list[0];
    const response = await jam.downloadBlob({
      accountId, blobId: email.blobId, mimeType: 'message/rfc822', fileName: 'mail.eml',
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.length, email.size);
    assert.equal(sha256(bytes), email.blobId);
    for (const part of [...email.textBody, ...email.htmlBody]) {
      if (part.type.startsWith('text/')) assert.ok(part.partId in email.bodyValues, `${row.id} ${part.partId}`);
    }
    for (const part of email.attachments) {
      const file = await jam.downloadBlob({
        accountId, blobId: part.blobId, mimeType: part.type, fileName: encodeURIComponent(part.name ?? 'file'),
      });
      assert.equal((await file.arrayBuffer()).byteLength, part.size, `${row.id} ${part.partId}`);
      parts++;
    }
    seen++;
  }
}
assert.equal(seen, Number(expected));

const file = await jam.uploadBlob(accountId, new Blob(['a,b\n1,2\n'], { type: 'text/csv' }));
const [identities] = await jam.api.Identity.get({ accountId, ids: null });
const [draft] = await jam.api.Email.set({
  accountId,
  create: {
    d: {
      mailboxIds: { [drafts.id]: true },
      keywords: { $draft: true },
      from: [{ name: 'Me', email: login }],
      to: [{ name: null, email: login }],
      subject: 'Written by jam',
      bodyValues: { t: { value: 'Ciao' } },
      textBody: [{ partId: 't', type: 'text/plain' }],
      attachments: [{ blobId: file.blobId, type: file.type, name: 'numbers.csv' }],
    },
  },
});
const response = await fetch((await jam.session).apiUrl, {
  method: 'POST',
  headers: { Authorization: `Bearer ${bearerToken}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({
    using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail', 'urn:ietf:params:jmap:submission'],
    methodCalls: [['EmailSubmission/set', {
      accountId,
      create: { s: { emailId: draft.created.d.id, identityId: identities.list[0].id } },
      onSuccessUpdateEmail: {
        '#s': { [`mailboxIds/${drafts.id}`]: null, [`mailboxIds/${sent.id}`]: true, 'keywords/$draft': null },
      },
    }, 's']],
  }),
});
const submission = (await response.json()).methodResponses;
assert.equal(submission[0][1].notCreated, null);
assert.equal(submission[1][0], 'Email/set');
const [arrived] = await jam.api.Email.query({ accountId, filter: { inMailbox: inbox.id, subject: 'written by jam' } });
assert.equal(arrived.ids.length, 1);
const [shown] = await jam.api.Email.get({ accountId, ids: arrived.ids, properties: ['attachments', 'hasAttachment'] });
assert.equal(shown.list[0].hasAttachment, true);
assert.equal(shown.list[0].attachments[0].name, 'numbers.csv');

console.log(`read ${seen} mails and ${parts} parts`);
