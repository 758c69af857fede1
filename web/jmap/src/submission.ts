/** EmailSubmission methods: handing an email over for sending. RFC 8621 §7. */
import type { Call, JmapClient } from './client.ts';
import type { EmailId, IdentityId, MailboxId, SetAnswer, SubmissionId } from './wire.ts';

/**
 * Sends `emailId` and, in the same step, takes it from the drafts to the sent mail.
 * RFC 8621 §7.5, onSuccessUpdateEmail.
 */
export function submissionSend(
  client: JmapClient,
  send: { emailId: EmailId; identityId: IdentityId; drafts: MailboxId; sent: MailboxId },
): Call<SetAnswer<{ id: SubmissionId }>> {
  return client.call('EmailSubmission/set', {
    create: { s: { emailId: send.emailId, identityId: send.identityId } },
    onSuccessUpdateEmail: {
      '#s': {
        [`mailboxIds/${send.drafts}`]: null,
        [`mailboxIds/${send.sent}`]: true,
        'keywords/$draft': null,
        'keywords/$seen': true,
      },
    },
  });
}
