package casella.jmap;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What a client may name in `using`. RFC 8620 §2, RFC 8621 §1.3.
enum Capability {
    CORE("urn:ietf:params:jmap:core"),
    MAIL("urn:ietf:params:jmap:mail"),
    SUBMISSION("urn:ietf:params:jmap:submission"),
    /// What serves the account now: [ServiceGet]; whether a mail is its brand's: [EmailVoice]. Ours alone, so it is named by a URL, of a domain that can be nobody's
    /// (docs/decisions/0122-jmap-says-what-serves-an-account.md). RFC 8620 §1.8.
    SERVICE("https://casella.example/jmap/service");

    static final Set<String> OFFERED =
            Arrays.stream(values()).map(Capability::urn).collect(Collectors.toUnmodifiableSet());

    private final String urn;

    Capability(String urn) {
        this.urn = urn;
    }

    String urn() {
        return urn;
    }

    /// What the session object says of it for the whole server. RFC 8620 §2.
    ObjectNode server(JmapConfig config) {
        ObjectNode out = Json.object();
        if (this != CORE) return out;
        out.put("maxSizeUpload", config.uploadBytesMax());
        out.put("maxConcurrentUpload", config.concurrentUploadsMax());
        out.put("maxSizeRequest", config.requestBytesMax());
        out.put("maxConcurrentRequests", config.requestsMax());
        out.put("maxCallsInRequest", config.callsMax());
        out.put("maxObjectsInGet", config.objectsInGetMax());
        out.put("maxObjectsInSet", config.objectsInSetMax());
        out.set("collationAlgorithms", Json.array().add("i;ascii-casemap").add("i;unicode-casemap"));
        return out;
    }

    /// What the session object says of it for one account. RFC 8621 §1.3.
    ObjectNode account(JmapConfig config) {
        ObjectNode out = Json.object();
        switch (this) {
            case CORE, SERVICE -> {}
            case MAIL -> {
                out.put("maxMailboxesPerEmail", casella.store.Email.PLACES_MAX);
                out.put("maxMailboxDepth", casella.store.Mailbox.DEPTH_MAX);
                out.put("maxSizeMailboxName", MAILBOX_NAME_BYTES_MAX);
                out.put("maxSizeAttachmentsPerEmail", config.mailBytesMax());
                out.set("emailQuerySortOptions", Json.array(SORTS));
                out.put("mayCreateTopLevelMailbox", true);
            }
            case SUBMISSION -> {
                out.put("maxDelayedSend", 0);
                out.set("submissionExtensions", Json.object());
            }
        }
        return out;
    }

    /// The longest name of one mailbox without its parents, in UTF-8 bytes. RFC 8621 §1.3.1 asks
    /// for at least 100.
    static final int MAILBOX_NAME_BYTES_MAX = 255;

    /// What Email/query can sort by. RFC 8621 §4.4.2.
    static final java.util.List<String> SORTS = java.util.List.of(
            "receivedAt",
            "sentAt",
            "size",
            "from",
            "to",
            "subject",
            "hasKeyword",
            "allInThreadHaveKeyword",
            "someInThreadHaveKeyword");
}
