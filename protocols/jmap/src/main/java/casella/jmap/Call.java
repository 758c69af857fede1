package casella.jmap;

import casella.base.Deadline;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One call being answered: who calls, with what, and what the server is made of.
///
/// @param object the arguments, references resolved
/// @param arguments reads `object`
/// @param created creation ids of the whole request
record Call(
        JmapServer.Parts parts,
        Caller caller,
        ObjectNode object,
        Arguments arguments,
        CreationIds created,
        Deadline deadline) {

    Call(JmapServer.Parts parts, Caller caller, ObjectNode object, CreationIds created, Deadline deadline) {
        this(parts, caller, object, new Arguments(object), created, deadline);
    }

    JmapConfig config() {
        return parts.config();
    }

    /// Reads `accountId`, which must be the caller's own. RFC 8620 §5.1.
    ///
    /// @throws Refusal `accountNotFound` if it is another
    void accountId() {
        String given = arguments.requiredText("accountId");
        if (!given.equals(caller.account().toString())) {
            throw new Refusal(MethodError.of(MethodError.Type.ACCOUNT_NOT_FOUND));
        }
    }

    /// Reads `ifInState` and says whether it names another state than `now`. RFC 8620 §5.3.
    boolean stateDiffers(@Nullable String ifInState, String now) {
        return ifInState != null && !ifInState.equals(now);
    }
}
