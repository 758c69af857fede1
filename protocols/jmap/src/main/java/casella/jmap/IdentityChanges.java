package casella.jmap;

/// Identity/changes: none, or not known. RFC 8621 §6.2.
final class IdentityChanges implements Method {
    @Override
    public String name() {
        return "Identity/changes";
    }

    @Override
    public Capability capability() {
        return Capability.SUBMISSION;
    }

    @Override
    public Answer run(Call call) {
        call.accountId();
        String since = call.arguments().requiredText("sinceState");
        call.arguments().unsigned("maxChanges");
        call.arguments().end();
        String now = IdentityGet.state(call.parts().directory().identities(call.caller().account()));
        if (!since.equals(now)) return Answer.refused(MethodError.Type.CANNOT_CALCULATE_CHANGES);
        var out = call.response().put("oldState", now).put("newState", now).put("hasMoreChanges", false);
        out.set("created", Json.array());
        out.set("updated", Json.array());
        out.set("destroyed", Json.array());
        return new Answer.Done(out);
    }
}
