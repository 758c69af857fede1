package casella.bench.reopening;

/// What is simulated: how many owners, how much the store bears, what waits. All shares are of accounts or of a second.
///
/// @param accounts owners there are
/// @param seed of everything that chance decides
/// @param hours simulated, from the moment of opening
/// @param opsPerSecond calls that the store serves each second when it is not asked for more
/// @param backlog mails that wait in the queue at the beginning
/// @param remote mails that other servers have kept, and try again to send
record World(int accounts, long seed, int hours, double opsPerSecond, long backlog, long remote) {
    /// Mails that come for one account on a usual day.
    static final double MAILS_A_DAY = 5;
    static final double DAY = 86_400;
    private static final int FAULT_DAYS = 3;
    private static final double KEPT_BY_OTHERS = 0.2;
    /// A call each 300 seconds for each account: two and a half times what a usual day needs.
    private static final double SECONDS_FOR_A_CALL = 300;

    /// Returns a fault of three days, of which other servers kept a fifth of the mail.
    static World of(int accounts, long seed, int hours) {
        double mails = accounts * MAILS_A_DAY * FAULT_DAYS;
        return new World(accounts, seed, hours, accounts / SECONDS_FOR_A_CALL,
                (long) (mails * (1 - KEPT_BY_OTHERS)), (long) (mails * KEPT_BY_OTHERS));
    }

    int seconds() {
        return hours * 3_600;
    }

    double mailsPerSecond() {
        return accounts * MAILS_A_DAY / DAY;
    }
}
