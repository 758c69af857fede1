package casella.server.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// On who works here, and on what they ordered.
public sealed interface StaffOrder extends Order.Elsewhere {
    record StaffList() implements StaffOrder {}

    /// Enters somebody, or gives them other roles or another password.
    ///
    /// @param roles `operator`, `support`, `data-protection`, `billing`, `read-only`
    /// @param password null to leave the one that is there; for somebody new, null for one that is made and told once
    record StaffPut(String name, List<String> roles, @Nullable String password) implements StaffOrder {
        @Override
        public String toString() {
            return "StaffPut[name=" + name + ", roles=" + roles + "]";
        }
    }

    /// Takes somebody out of the book: they are logged out, and their keys are no more.
    record StaffRemove(String name) implements StaffOrder {}

    /// Makes a key with which a program gives orders as that person; told once.
    ///
    /// @param label what it is for
    /// @param days for which it is good, 1 to 400
    record StaffKey(String name, String label, int days) implements StaffOrder {}

    /// Ends the keys of that label.
    record StaffKeyEnd(String name, String label) implements StaffOrder {}

    /// What was ordered, newest first.
    ///
    /// @param limit 1 to 1,000
    /// @param before lists what is older, `2027-01-31T09:30:00Z`; null for the newest
    record AuditList(int limit, @Nullable String before) implements StaffOrder {}

    @Override
    default boolean looks() {
        return switch (this) {
            case StaffList _, AuditList _ -> true;
            case StaffPut _, StaffRemove _, StaffKey _, StaffKeyEnd _ -> false;
        };
    }
}
