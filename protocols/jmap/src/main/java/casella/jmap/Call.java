package casella.jmap;

import casella.base.ArrivalId;
import casella.base.Deadline;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.ThreadId;
import casella.store.Account;
import casella.store.View;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One call being answered: who calls, with what, and what the server is made of.
///
/// @param object the arguments, references resolved
/// @param arguments reads `object`
/// @param created creation ids of the whole request
/// @param using capabilities the request names
record Call(
        House house,
        Caller caller,
        ObjectNode object,
        Arguments arguments,
        CreationIds created,
        Deadline deadline,
        Set<String> using) {

    Call(
            House house, Caller caller, ObjectNode object, CreationIds created, Deadline deadline,
            Set<String> using) {
        this(house, caller, object, new Arguments(object), created, deadline, using);
    }

    boolean uses(Capability capability) {
        return using.contains(capability.urn());
    }

    JmapConfig config() {
        return house.parts().config();
    }

    JmapServer.Parts parts() {
        return house.parts();
    }

    /// Returns the caller's account in the store.
    Account account() {
        return house.parts().accounts().open(caller.account());
    }

    /// Returns a response begun with `accountId`.
    ObjectNode response() {
        return Json.object().put("accountId", caller.account().toString());
    }

    /// Returns the same call with other arguments: for one method that calls another.
    Call with(ObjectNode other) {
        return new Call(house, caller, other, created, deadline, using);
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

    /// Returns the point in the account's history that a state string names.
    ///
    /// @param view of the account; what came before its floor is not known, whatever the state
    /// @throws Refusal `cannotCalculateChanges` if it names none. RFC 8620 §5.2
    static Modseq since(String state, View view) {
        Modseq since = state.matches("0|[1-9][0-9]{0,18}") ? modseq(state) : null;
        if (since == null || since.after(view.modseq()) || view.floor().after(since)) {
            throw new Refusal(MethodError.of(MethodError.Type.CANNOT_CALCULATE_CHANGES));
        }
        return since;
    }

    private static @Nullable Modseq modseq(String digits) {
        try {
            return new Modseq(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            return null; // more than 63 bits: no state of ours
        }
    }

    /// Returns the id that `text` says, a creation id resolved; null if there can be no such
    /// record.
    @Nullable ArrivalId emailId(String text) {
        return id(text, ArrivalId::parse);
    }

    @Nullable ThreadId threadId(String text) {
        return id(text, ThreadId::parse);
    }

    @Nullable MailboxId mailboxId(String text) {
        return id(text, plain -> {
            if (!plain.matches("m[1-9][0-9]{0,9}")) throw new IllegalArgumentException("no mailbox id");
            return new MailboxId(Integer.parseInt(plain.substring(1)));
        });
    }

    /// Ids have one spelling: a record's id must come back exactly as it was given.
    private <T> @Nullable T id(String text, Function<String, T> parse) {
        String plain = created.resolve(text);
        if (plain == null) return null;
        try {
            T id = parse.apply(plain);
            return id.toString().equals(plain) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
