package casella.jmap;

import tools.jackson.databind.node.ObjectNode;

/// What a method answers. RFC 8620 §3.4.
sealed interface Answer {
    /// One response, named like the call.
    record Done(ObjectNode arguments) implements Answer {}

    /// The response and a second one of an implicit call, with the same call id. RFC 8620 §5.4,
    /// RFC 8621 §7.5.
    record DoneAlso(ObjectNode arguments, String alsoName, ObjectNode also) implements Answer {}

    /// An `error` response.
    record Refused(MethodError error) implements Answer {}

    static Answer refused(MethodError.Type type) {
        return new Refused(MethodError.of(type));
    }

    static Answer refused(MethodError.Type type, String description) {
        return new Refused(MethodError.of(type, description));
    }
}
