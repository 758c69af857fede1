package casella.server.drill;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The drills there are.
public enum Drill {
    ENGINE_HUNG("engine-hung", "the engine hangs",
            "Calls into the engine hang. Owners should see a pause of at most 2 s and be served out of their"
                    + " journals."),
    VAULT_LYING("vault-lying", "the first vault lies",
            "The vault that is read first answers mails with wrong bytes. Owners should see nothing of it.");

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
        return Arrays.stream(values()).map(Drill::word).collect(Collectors.joining(", "));
    }
}
