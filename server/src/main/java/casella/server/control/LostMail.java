package casella.server.control;

import casella.message.Address;
import casella.message.Envelope;
import casella.store.archive.Verifier;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Names a mail of which no vault has a good copy, so that its owner can be told what it was: from whom, about what, when.
final class LostMail {
    private LostMail() {}

    static ObjectNode row(Verifier.Lost lost) {
        ObjectNode row = Json.object().put("account", lost.account().toString());
        ObjectNode mail = row.putObject("lost")
                .put("email", lost.email().toString())
                .put("received", lost.received().toString());
        Envelope envelope = lost.envelope();
        mail.put("from", envelope == null ? "" : addresses(envelope.from()));
        mail.put("subject", envelope == null || envelope.subject() == null ? "" : envelope.subject());
        if (envelope != null && envelope.sentAt() != null) mail.put("sent", envelope.sentAt().toString());
        ArrayNode folders = mail.putArray("folders");
        lost.folders().forEach(folders::add);
        mail.put("copies", lost.reachable() ? "in no vault that answers now" : "none");
        return row;
    }

    private static String addresses(List<Address> from) {
        return from.stream().map(Address::toString).collect(Collectors.joining(", "));
    }

    /// Rows of several threads, one after another.
    static Operations.Output oneAtATime(Operations.Output out) {
        return new Operations.Output() {
            @Override
            public synchronized void row(ObjectNode row) {
                out.row(row);
            }

            @Override
            public synchronized void progress(long count) {
                out.progress(count);
            }

            @Override
            public synchronized void progress(long done, long total, String unit) {
                out.progress(done, total, unit);
            }
        };
    }
}
