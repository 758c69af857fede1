package casella.jmap;

/// Core/echo: gives the arguments back. RFC 8620 §4.
final class CoreEcho implements Method {
    @Override
    public String name() {
        return "Core/echo";
    }

    @Override
    public Capability capability() {
        return Capability.CORE;
    }

    @Override
    public Answer run(Call call) {
        return new Answer.Done(call.object());
    }
}
