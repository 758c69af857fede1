package casella.jmap;

import casella.store.View;

/// Thread/changes. RFC 8621 §3.2.
final class ThreadChanges implements Method {
    @Override
    public String name() {
        return "Thread/changes";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        return new Answer.Done(ChangesForm.answer(call, View::threadChanges));
    }
}
