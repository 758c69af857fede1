package casella.jmap;

/// Mailbox/queryChanges: nothing is kept to tell it from, so the client asks again. RFC 8621 §2.4,
/// RFC 8620 §5.6.
final class MailboxQueryChanges implements Method {
    @Override
    public String name() {
        return "Mailbox/queryChanges";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        call.accountId();
        call.arguments().requiredText("sinceQueryState");
        return Answer.refused(MethodError.Type.CANNOT_CALCULATE_CHANGES);
    }
}
