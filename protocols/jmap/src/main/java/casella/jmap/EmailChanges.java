package casella.jmap;

import casella.store.View;

/// Email/changes. RFC 8621 §4.3.
final class EmailChanges implements Method {
    @Override
    public String name() {
        return "Email/changes";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        return new Answer.Done(ChangesForm.answer(call, View::emailChanges));
    }
}
