package casella.base;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What owners say of help inside their mailbox: who may look, at what, and who did. May wait, for seconds.
public interface HelpDesk {
    /// How much of a mailbox may be looked at; each holds the one before.
    enum Scope {
        /// Names of folders, and how many mails are in them.
        FOLDERS("folders"),
        /// Of the mails in a folder: sender, subject, date, size.
        MESSAGES("messages"),
        /// What one mail says, as plain text.
        CONTENTS("contents");

        private final String word;

        Scope(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        /// Says whether whoever may look at this may look at `other`.
        public boolean covers(Scope other) {
            return compareTo(other) >= 0;
        }

        /// @throws IllegalArgumentException if it is none
        public static Scope of(String word) {
            for (Scope one : values()) if (one.word.equals(word)) return one;
            throw new IllegalArgumentException("scope: must be folders, messages or contents");
        }
    }

    /// What was looked at.
    ///
    /// @param about the folder's or the mail's id; empty for the list of folders
    record Look(Instant at, Scope what, String about) {}

    /// One help that an owner allowed.
    ///
    /// @param made when the owner made its code
    /// @param until until when the code can be told, or, once it was, somebody may look
    /// @param by who helps; empty while nobody was told the code
    /// @param began null likewise
    /// @param ended when it was ended before its time; null where it was not
    /// @param looks oldest first; the newest 200
    record Help(long id, Scope scope, Instant made, Instant until, String by, @Nullable Instant began,
            @Nullable Instant ended, List<Look> looks) {
        public Help {
            looks = List.copyOf(looks);
        }

        /// Says whether somebody may look now, or the code be told.
        public boolean open(Instant now) {
            return ended == null && now.isBefore(until);
        }
    }

    /// A help just allowed.
    ///
    /// @param code to be told to whoever helps; shown once, kept nowhere
    record Allowed(Help help, String code) {}

    /// Returns an account's helps, the newest first; the newest 50.
    List<Help> of(AccountId account);

    /// Allows a help. A code made before and not told to anybody yet is good no more.
    Allowed allow(AccountId account, Scope scope);

    /// Ends a help at once. Returns it as it is then; empty where the account has none of that number.
    Optional<Help> end(AccountId account, long id);

    /// Has none, and allows none.
    HelpDesk NONE = new HelpDesk() {
        @Override
        public List<Help> of(AccountId account) {
            return List.of();
        }

        @Override
        public Allowed allow(AccountId account, Scope scope) {
            throw new Fault.Unavailable("Nobody helps here", Map.of());
        }

        @Override
        public Optional<Help> end(AccountId account, long id) {
            return Optional.empty();
        }
    };
}
