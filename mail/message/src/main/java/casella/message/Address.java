package casella.message;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One entry of an address list. RFC 5322 §3.4.
public sealed interface Address {

    /// A person or a place.
    ///
    /// @param name decoded display name, or null
    /// @param nameText the name with its encoded words, without quotes: what IMAP's ENVELOPE shows
    /// @param local part before the `@` without quotes; what could not be understood is here whole
    /// @param domain part after it, not lowered; empty when there is none
    record Mailbox(@Nullable String name, @Nullable String nameText, String local, String domain)
            implements Address {

        /// Returns `local@domain`, the local part quoted where it has to be; without a domain just
        /// the local part.
        public String email() {
            if (domain.isEmpty()) return local;
            return (Addresses.isDotAtom(local) ? local : Addresses.quoted(local)) + "@" + domain;
        }

        /// Returns whether mail can be sent to it: something before the `@`, a plain domain or
        /// literal after it, no controls, and not longer than RFC 5321 §4.5.3.1 allows.
        public boolean isSendable() {
            boolean literal = domain.startsWith("[") && domain.endsWith("]");
            String inside =
                    literal ? domain.substring(1, Math.max(domain.length() - 1, 1)) : domain;
            return !local.isEmpty()
                    && local.length() <= 64
                    && domain.length() <= 255
                    && local.chars().noneMatch(c -> c < ' ' || c == 127)
                    && (literal
                            ? inside.chars().allMatch(c -> c > ' ' && c < 127 && c != ']')
                            : Addresses.isDotAtom(inside));
        }

        /// Returns it as a header writes it, encoded words where needed.
        @Override
        public String toString() {
            String known = name == null ? "" : name.strip();
            return known.isEmpty() ? email() : Addresses.phrase(known) + " <" + email() + ">";
        }
    }

    /// A named group, often empty: `undisclosed-recipients:;`.
    ///
    /// @param name decoded
    /// @param nameText with its encoded words
    record Group(String name, String nameText, List<Mailbox> members) implements Address {
        public Group {
            members = List.copyOf(members);
        }

        @Override
        public String toString() {
            return Addresses.phrase(name)
                    + ": "
                    + String.join(", ", members.stream().map(Mailbox::toString).toList())
                    + ";";
        }
    }

    /// Returns the mailbox `email` with display name `name`.
    ///
    /// @param email split at its last `@`
    static Mailbox of(@Nullable String name, String email) {
        int at = email.lastIndexOf('@');
        String local = at < 0 ? email : email.substring(0, at);
        if (local.length() > 1 && local.startsWith("\"") && local.endsWith("\"")) {
            local = Addresses.unquoted(local.substring(1, local.length() - 1));
        }
        String text = name == null ? null : Words.encode(name);
        return new Mailbox(name, text, local, at < 0 ? "" : email.substring(at + 1));
    }

    static Mailbox of(String email) {
        return of(null, email);
    }

    /// Returns all mailboxes, those in groups too, in order. RFC 8621 §4.1.2.3.
    static List<Mailbox> flat(List<Address> addresses) {
        return addresses.stream()
                .flatMap(
                        a ->
                                switch (a) {
                                    case Mailbox m -> Stream.of(m);
                                    case Group g -> g.members().stream();
                                })
                .toList();
    }
}
