package casella.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The load generator's command line.
///
/// ```text
/// disk FOLDER SECONDS                                what a sync of this disk costs: no server, the limit of all else
/// lmtp PORT CONNECTIONS MESSAGES SECONDS ADDRESS…   deliver to the addresses in turn, at most so many and so long
/// smtp PORT CONNECTIONS MESSAGES SECONDS ADDRESS…   likewise
/// sink PORT MESSAGES SECONDS                         be the server to which mail is relayed, until it has so many or so long
/// imap PORT ADDRESS PASSWORD                         list INBOX, then fetch every body
/// ```
/// Prints one line of text and one of JSON for each measurement. Exit code 1 if anything was answered badly.
public final class Load {
    private static final int LETTERS = 400;
    private static final long SEED = 2_023;

    private Load() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        var results = new ArrayList<Measured>();
        boolean lmtp = arguments.length >= 6 && arguments[0].equals("lmtp");
        if (lmtp || (arguments.length >= 6 && arguments[0].equals("smtp"))) {
            var load =
                    new DeliveryLoad(
                            lmtp ? DeliveryLoad.Door.LMTP : DeliveryLoad.Door.SMTP,
                            Integer.parseInt(arguments[1]),
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]),
                            Double.parseDouble(arguments[4]),
                            List.of(arguments).subList(5, arguments.length),
                            Letters.make(LETTERS, SEED));
            results.add(load.run());
        } else if (arguments.length == 4 && arguments[0].equals("sink")) {
            results.add(SinkLoad.take(
                    Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]),
                            Double.parseDouble(arguments[3])));
        } else if (arguments.length == 3 && arguments[0].equals("disk")) {
            var load = new DiskLoad(Path.of(arguments[1]), Double.parseDouble(arguments[2]));
            results.add(load.run(1));
            results.add(load.run(4));
        } else if (arguments.length == 4 && arguments[0].equals("imap")) {
            var load = new ImapLoad(Integer.parseInt(arguments[1]), arguments[2], arguments[3]);
            results.add(load.list());
            results.add(load.bodies());
        } else {
            System.err.println("usage: disk FOLDER SECONDS | lmtp|smtp PORT CONNECTIONS MESSAGES SECONDS ADDRESS…"
                    + " | sink PORT MESSAGES SECONDS"
                    + " | imap PORT ADDRESS PASSWORD");
            System.exit(2);
        }
        long failed = 0;
        for (Measured result : results) {
            out.println(result.text());
            out.println(result.json());
            failed += result.failed();
        }
        System.exit(failed == 0 ? 0 : 1);
    }
}
