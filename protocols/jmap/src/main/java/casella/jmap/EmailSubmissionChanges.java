package casella.jmap;

import casella.store.DocumentKind;

/// EmailSubmission/changes. RFC 8621 §7.2.
final class EmailSubmissionChanges implements Method {
    @Override
    public String name() {
        return "EmailSubmission/changes";
    }

    @Override
    public Capability capability() {
        return Capability.SUBMISSION;
    }

    @Override
    public Answer run(Call call) {
        return new Answer.Done(ChangesForm.answer(
                call, (view, since, limit) -> view.documentChanges(DocumentKind.SUBMISSION, since, limit)));
    }
}
