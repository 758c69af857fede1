package casella.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// ENABLE: switches on what changes the answers a client gets. RFC 9051 §6.3.1.
///
/// @param names capabilities in upper case; unknown ones are passed over
record Enable(List<String> names) implements Command.WithAccount {
    /// `"ENABLE" 1*(SP capability)`. RFC 9051 §9.
    static Enable parse(Arguments in) {
        var names = new ArrayList<String>();
        do {
            in.space();
            names.add(in.word());
        } while (!in.atEnd());
        return new Enable(List.copyOf(names));
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        boolean rev2 = names.contains("IMAP4REV2");
        boolean qresync = names.contains("QRESYNC");
        // RFC 7162 §3.2.3: whoever enables QRESYNC has enabled CONDSTORE.
        boolean condstore = qresync || names.contains("CONDSTORE");
        client.out().untagged("ENABLED" + (rev2 ? " IMAP4rev2" : "") + (condstore ? " CONDSTORE" : "") + (qresync ? " QRESYNC" : ""));
        if (condstore && state instanceof State.Selected selected) {
            // RFC 7162 §3.1: from here on the client counts in mod-sequences, and needs to know where it starts.
            client.out().ok(new Code.Counter("HIGHESTMODSEQ", selected.selection().seen().value()), "Last change");
        }
        State.Enabled before = state.enabled();
        var enabled = new State.Enabled(
                rev2 ? Dialect.REV2 : before.dialect(), condstore || before.condstore(), qresync || before.qresync());
        return new Turn(state.with(enabled), Reply.ok("ENABLE done"));
    }
}
