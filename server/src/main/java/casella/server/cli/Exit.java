package casella.server.cli;

/// Exit codes. Scripts rely on them.
final class Exit {
    static final int DONE = 0;
    static final int WRONG = 1;
    static final int USAGE = 2;
    static final int NOT_REACHABLE = 3;

    private Exit() {}
}
