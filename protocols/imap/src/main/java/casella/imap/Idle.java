package casella.imap;

import casella.base.Fault;
import java.io.IOException;
import java.time.Duration;

/// IDLE: tells what is new as it happens, until the client says DONE. RFC 9051 §6.3.13.
record Idle() implements Command.WithAccount {
    /// Something is said at least this often, so that the ways between forget no connection.
    private static final Duration STILL_HERE = Duration.ofMinutes(4);

    private static final Duration AFTER_FAULT = Duration.ofSeconds(5);

    static Idle parse(Arguments in) {
        in.end();
        return new Idle();
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        client.connection().write("+ idling\r\n");
        long start = System.nanoTime();
        while (true) {
            if (!client.grantStands()) throw client.goodBye("Log in again");
            Duration wait = told(state, client) ? STILL_HERE : AFTER_FAULT;
            switch (client.await(wait)) {
                case INPUT -> {
                    boolean done = client.nextLine().equalsIgnoreCase("DONE");
                    return new Turn(state, done ? Reply.ok("IDLE done") : Reply.bad("expected DONE"));
                }
                case EVENT -> {}
                case TIME -> {
                    if (System.nanoTime() - start > client.config().idleTimeout().toNanos()) {
                        throw client.goodBye("Idle for too long");
                    }
                    if (wait.equals(STILL_HERE)) client.out().untagged("OK Still here");
                }
                case STOPPING -> throw client.goodBye("[UNAVAILABLE] The server is stopping");
            }
        }
    }

    /// Tells what is new; false when the store cannot say now.
    private static boolean told(State.WithAccount state, Client client) throws IOException {
        client.tellService();
        if (!(state instanceof State.Selected selected)) return true;
        try {
            selected.selection().tell(selected, client, true);
            return true;
        } catch (Fault fault) {
            client.failed(fault, "idle");
            return false;
        }
    }
}
