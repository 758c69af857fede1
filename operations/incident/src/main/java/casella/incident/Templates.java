package casella.incident;

import casella.incident.Entry.State;

/// What can be said at each step when there is no time to write: true of any incident, and no more than that.
public final class Templates {
    private Templates() {}

    /// Returns the text for a step.
    public static Words of(State state) {
        return switch (state) {
            case INVESTIGATING -> new Words(
                    "Alcune cose non funzionano come sempre. Stiamo cercando la causa e vi aggiorniamo qui. Non serve fare nulla.",
                    "Some things do not work as always. We are looking for the cause and will tell you more here. There is nothing"
                            + " you need to do.");
            case IDENTIFIED -> new Words(
                    "Abbiamo trovato la causa e stiamo lavorando per eliminarla. Non serve fare nulla.",
                    "We have found the cause and are working on it. There is nothing you need to do.");
            case RESTORING -> new Words(
                    "Stiamo riaprendo le caselle, un gruppo alla volta. Quando tocca alla vostra, la trovate come l'avete lasciata.",
                    "We are opening mailboxes again, a group at a time. When it is your turn you will find yours as you left it.");
            case MONITORING -> new Words(
                    "Tutto funziona di nuovo. Continuiamo a controllare prima di dire che è finita.",
                    "Everything works again. We go on watching before we say that it is over.");
            case RESOLVED -> new Words(
                    "È finita: tutto funziona come sempre.",
                    "It is over: everything works as always.");
        };
    }
}
