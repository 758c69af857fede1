package casella.jmap;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Why one create, update or destroy of a `/set` was refused. RFC 8620 §5.3.
///
/// @param properties which properties are at fault, empty if none in particular
/// @param recipients the addresses at fault, for `invalidRecipients`. RFC 8621 §7.5
/// @param existingId the record there already, for `alreadyExists`. RFC 8620 §5.4
/// @param most the limit that was passed, for `tooManyRecipients` and `tooLarge`. RFC 8621 §7.5
/// @param notFound blobs that are not there, for `blobNotFound`. RFC 8621 §4.6
record SetError(
        Type type,
        @Nullable String description,
        List<String> properties,
        List<String> recipients,
        @Nullable String existingId,
        List<String> notFound,
        @Nullable Long most) {

    /// RFC 8620 §5.3; RFC 8621 §2.5, §4.6, §4.8, §7.5.
    enum Type {
        FORBIDDEN("forbidden"),
        OVER_QUOTA("overQuota"),
        TOO_LARGE("tooLarge"),
        RATE_LIMIT("rateLimit"),
        NOT_FOUND("notFound"),
        INVALID_PATCH("invalidPatch"),
        WILL_DESTROY("willDestroy"),
        INVALID_PROPERTIES("invalidProperties"),
        SINGLETON("singleton"),
        ALREADY_EXISTS("alreadyExists"),
        MAILBOX_HAS_CHILD("mailboxHasChild"),
        MAILBOX_HAS_EMAIL("mailboxHasEmail"),
        BLOB_NOT_FOUND("blobNotFound"),
        TOO_MANY_KEYWORDS("tooManyKeywords"),
        TOO_MANY_MAILBOXES("tooManyMailboxes"),
        INVALID_EMAIL("invalidEmail"),
        TOO_MANY_RECIPIENTS("tooManyRecipients"),
        NO_RECIPIENTS("noRecipients"),
        INVALID_RECIPIENTS("invalidRecipients"),
        FORBIDDEN_MAIL_FROM("forbiddenMailFrom"),
        FORBIDDEN_FROM("forbiddenFrom"),
        FORBIDDEN_TO_SEND("forbiddenToSend"),
        CANNOT_UNSEND("cannotUnsend"),
        /// Ours: what we depend on does not answer; the others of the same `/set` may have been
        /// done.
        SERVER_UNAVAILABLE("serverUnavailable"),
        /// Ours: stored bytes break an invariant.
        SERVER_FAIL("serverFail"),
        /// Ours: a limit of the server or the account.
        LIMIT("limit");

        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    static SetError of(Type type) {
        return new SetError(type, null, List.of(), List.of(), null, List.of(), null);
    }

    static SetError of(Type type, String description) {
        return new SetError(type, description, List.of(), List.of(), null, List.of(), null);
    }

    static SetError invalid(String property, String description) {
        return new SetError(Type.INVALID_PROPERTIES, description, List.of(property), List.of(), null, List.of(), null);
    }

    static SetError invalidRecipients(List<String> recipients, String description) {
        return new SetError(Type.INVALID_RECIPIENTS, description, List.of(), recipients, null, List.of(), null);
    }

    static SetError alreadyExists(String id) {
        return new SetError(Type.ALREADY_EXISTS, null, List.of(), List.of(), id, List.of(), null);
    }

    static SetError blobNotFound(List<String> blobs) {
        return new SetError(Type.BLOB_NOT_FOUND, null, List.of(), List.of(), null, blobs, null);
    }

    static SetError tooMany(Type type, long most) {
        return new SetError(type, null, List.of(), List.of(), null, List.of(), most);
    }

    static SetError invalidEmail(List<String> properties, String description) {
        return new SetError(Type.INVALID_EMAIL, description, properties, List.of(), null, List.of(), null);
    }

    ObjectNode json() {
        ObjectNode out = Json.object().put("type", type.wire());
        if (description != null) out.put("description", description);
        if (!properties.isEmpty()) out.set("properties", Json.array(properties));
        if (type == Type.INVALID_RECIPIENTS) out.set("invalidRecipients", Json.array(recipients));
        if (existingId != null) out.put("existingId", existingId);
        if (type == Type.BLOB_NOT_FOUND) out.set("notFound", Json.array(notFound));
        if (most != null) out.put(type == Type.TOO_LARGE ? "maxSize" : "maxRecipients", most);
        return out;
    }
}
