package casella.jmap;

/// Email/queryChanges: nothing is kept to tell it from, so the client asks again. RFC 8621 §4.5,
/// RFC 8620 §5.6.
final class EmailQueryChanges implements Method {
    @Override
    public String name() {
        return "Email/queryChanges";
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
