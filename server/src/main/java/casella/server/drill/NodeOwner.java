package casella.server.drill;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Reads the inbox of the server under drill again and again, and notes when it sees each mail and what came under another
/// number. For one virtual thread.
final class NodeOwner implements Runnable {
    private static final String SUBJECT = "Your verification code ";

    private final Node node;
    private final Measured measured;
    private final Map<Long, String> named = new HashMap<>();
    private long uidValidity;

    NodeOwner(Node node, Measured measured) {
        this.node = node;
        this.measured = measured;
    }

    @Override
    public void run() {
        var client = new NodeClient(node, "imap", Node.ADDRESS);
        do {
            long at = measured.now();
            var result = Sample.Result.FAILED;
            try {
                result = seen(client.inbox()) ? Sample.Result.RIGHT : Sample.Result.WRONG;
            } catch (IOException e) {
                // Dead, or not there yet: that is what is measured.
            }
            long took = measured.now() - at;
            measured.add(new Sample(Sample.Kind.READ, 1, at, took, result, Scene.Place.ENGINE));
        } while (!measured.rested(Owner.EVERY_MILLIS));
        closed(client);
    }

    /// Returns whether every mail has the number it had.
    private boolean seen(NodeClient.Inbox inbox) {
        int changed = uidValidity == 0 || uidValidity == inbox.uidValidity() ? 0 : 1;
        uidValidity = inbox.uidValidity();
        long now = measured.now();
        for (Map.Entry<Long, String> mail : inbox.subjects().entrySet()) {
            measured.noticed.putIfAbsent(mail.getValue(), now);
            String before = named.put(mail.getKey(), mail.getValue());
            if (before != null && !before.equals(mail.getValue())) changed++;
        }
        for (Long uid : named.keySet()) if (!inbox.subjects().containsKey(uid)) changed++;
        measured.identifiersChanged.addAndGet(changed);
        return changed == 0;
    }

    /// Sends a mail again and again. One without an answer is nobody's word.
    static final class Sender implements Runnable {
        private final Node node;
        private final String name;
        private final Measured measured;

        /// @param name makes subjects that come but once
        Sender(Node node, String name, Measured measured) {
            this.node = node;
            this.name = name;
            this.measured = measured;
        }

        @Override
        public void run() {
            var client = new NodeClient(node, "lmtp", Node.ADDRESS);
            int count = 0;
            do {
                String subject = "%s%s-%04d".formatted(SUBJECT, name, ++count);
                long at = measured.now();
                var result = Sample.Result.FAILED;
                try {
                    if (client.deliver(subject)) {
                        measured.accepted.put(subject, measured.now());
                        result = Sample.Result.RIGHT;
                    } else {
                        measured.refused.incrementAndGet();
                    }
                } catch (IOException e) {
                    // Whoever sends keeps it and tries again.
                }
                long took = measured.now() - at;
                measured.add(new Sample(Sample.Kind.MAIL, 1, at, took, result, Scene.Place.ENGINE));
            } while (!measured.rested(Owner.EVERY_MILLIS));
            closed(client);
        }
    }

    /// Returns how often each subject of the drill is in the inbox now.
    ///
    /// @throws IOException if it cannot be read
    static Map<String, Integer> subjects(Node node) throws IOException {
        var counts = new HashMap<String, Integer>();
        try (var client = new NodeClient(node, "imap", Node.ADDRESS)) {
            for (String subject : client.inbox().subjects().values()) {
                if (subject.startsWith(SUBJECT)) counts.merge(subject, 1, Integer::sum);
            }
        }
        return counts;
    }

    private static void closed(NodeClient client) {
        try {
            client.close();
        } catch (IOException e) {
            // It is no more either way.
        }
    }
}
