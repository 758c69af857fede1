package casella.server.drill;

import casella.server.drill.january.January;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The drills there are.
public enum Drill {
    ENGINE_HUNG("engine-hung", "the engine hangs",
            "Calls into the engine hang. Owners should see a pause of at most 2 s and be served out of their"
                    + " journals."),
    ENGINE_GONE("engine-gone", "the engine is gone",
            "Calls into the engine are refused. Owners should see a pause of at most 2 s and be served out of"
                    + " their journals."),
    VAULT_SLOW("vault-slow", "the first vault is slow",
            "The vault that is read first answers 0.7 s late. Owners should wait no longer than that, and it should"
                    + " not be given up."),
    VAULT_GONE("vault-gone", "the first vault is gone",
            "Calls into the vault that is read first are refused. Owners should see nothing of it; what it misses is"
                    + " owed and paid."),
    VAULT_LYING("vault-lying", "the first vault lies",
            "The vault that is read first answers mails with wrong bytes. Owners should see nothing of it."),
    TECHNOLOGY_GONE("technology-gone", "a technology is gone",
            "Every part of one technology refuses calls (--technology, else the first vault's; rocksdb is the"
                    + " engine too, pack the tail too). Owners should see at most a pause."),
    TAIL_GONE("tail-gone", "the tail is gone",
            "Nothing can be written to or read from the tail. Owners should read on; changes are refused, mail is"
                    + " kept in the queue and filed afterwards."),
    EVERYTHING_GONE("everything-gone", "engine and vaults are gone",
            "Engine and all vaults refuse calls. Folders should be named and closed, new mail be readable in Received"
                    + " during the fault, and all be filed afterwards."),
    DISK_FULL("disk-full", "the disks are full",
            "Engine, tail and vaults answer as if without room. Owners should read on; changes are refused, mail is"
                    + " kept in the queue and filed afterwards."),
    DIRECTORY_GONE("directory-gone", "the directory is gone",
            "The directory's database is not asked; its last snapshot stands in. Log-in and mail should go on, and"
                    + " nobody can be made or changed."),
    CLOCK_JUMP("clock-jump", "the clock jumps",
            "The clock of what deletes goes an hour and a day ahead and behind. Nothing should be deleted: the"
                    + " collector stands and asks."),
    NODE_KILLED("node-killed", "the server's process is killed",
            "A server in a process of its own, beside this one, is ended by kill -9 and started again. Its owners should"
                    + " be served again within seconds, with all they had; owners of this server notice nothing.");

    private final String word;
    private final String fault;
    private final String about;

    Drill(String word, String fault, String about) {
        this.word = word;
        this.fault = fault;
        this.about = about;
    }

    /// Returns the name that commands use.
    public String word() {
        return word;
    }

    /// Returns what is wrong while it runs, as part of a sentence.
    String fault() {
        return fault;
    }

    /// Returns what it does and what should happen, in two sentences.
    public String about() {
        return about;
    }

    static Optional<Drill> of(String word) {
        return Arrays.stream(values()).filter(drill -> drill.word.equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(Drill::word).collect(Collectors.joining(", ")) + ", " + January.WORD;
    }
}
