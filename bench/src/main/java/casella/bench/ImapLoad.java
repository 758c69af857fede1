package casella.bench;

import java.io.IOException;

/// Reads a mailbox over IMAP as a client does at its first visit: the list (flags, envelope, structure), then every body.
final class ImapLoad {
    private static final String LIST = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)";
    private static final int PASSES = 5;

    private final int port;
    private final String login;
    private final String password;

    ImapLoad(int port, String login, String password) {
        this.port = port;
        this.login = login;
        this.password = password;
    }

    /// Lists INBOX in windows of 500, [#PASSES] times after as many that warm the server up, and measures each window.
    Measured list() throws IOException {
        var _ = fetch("warming-up", PASSES, 500, LIST);
        return fetch("imap-list-500", PASSES, 500, LIST);
    }

    /// Fetches every body of INBOX, one command each.
    Measured bodies() throws IOException {
        return fetch("imap-body", 1, 1, "(UID BODY.PEEK[])");
    }

    private Measured fetch(String name, int passes, int window, String items) throws IOException {
        try (var client = new LineClient(port)) {
            client.line();
            command(client, "a1", "LOGIN " + login + " " + password);
            int exists = select(client);
            int windows = Math.ceilDiv(exists, window);
            double[] millis = new double[passes * windows];
            long start = System.nanoTime();
            for (int i = 0; i < millis.length; i++) {
                int from = i % windows * window + 1;
                int until = Math.min(exists, from + window - 1);
                long began = System.nanoTime();
                command(client, "f" + i, "FETCH " + from + ":" + until + " " + items);
                millis[i] = (System.nanoTime() - began) / 1e6;
            }
            return Measured.of(name, 1, 0, (System.nanoTime() - start) / 1e9, millis);
        }
    }

    private static int select(LineClient client) throws IOException {
        client.send("s1 EXAMINE INBOX");
        client.flush();
        int exists = 0;
        for (String line = client.line(); !line.startsWith("s1 "); line = client.line()) {
            if (line.endsWith(" EXISTS")) exists = Integer.parseInt(line.split(" ")[1]);
        }
        return exists;
    }

    private static void command(LineClient client, String tag, String text) throws IOException {
        client.send(tag + " " + text);
        client.flush();
        for (String line = client.line(); !line.startsWith(tag + " "); line = client.line()) {
            if (line.endsWith("}")) client.skip(Long.parseLong(line.substring(line.lastIndexOf('{') + 1,
                    line.length() - 1)));
        }
    }
}
