package casella.bench.reopening;

import casella.base.Admission.Door;
import java.util.SplittableRandom;

/// How an owner's program comes back, and what it costs.
enum Client {
    /// Stays connected (IDLE); after a failure tries again after a minute, then twice as long each time, up to half an hour.
    PHONE(Door.IMAP, 0.35, 12, 600, true),
    /// Stays connected; looks again at each of its checks, every ten minutes, whatever came of the last.
    DESKTOP(Door.IMAP, 0.20, 12, 600, true),
    /// Looks every quarter of an hour and leaves; never asks why it failed.
    POP3(Door.POP3, 0.10, 6, 300, false),
    /// A person: comes when it is said that mail works again, tries a few times within a minute, then later. Told a place, the
    /// page tries again when it was told.
    WEBMAIL(Door.JMAP, 0.35, 10, 120, false);

    private final Door door;
    private final double share;
    private final int calls;
    private final double secondsForACall;
    private final boolean stays;

    /// @param share of accounts
    /// @param calls to the store until the first log-in after days is done; each needs the one before
    /// @param secondsForACall between two calls while in
    /// @param stays whether a call that fails ends a session that has to be begun again
    Client(Door door, double share, int calls, double secondsForACall, boolean stays) {
        this.door = door;
        this.share = share;
        this.calls = calls;
        this.secondsForACall = secondsForACall;
        this.stays = stays;
    }

    Door door() {
        return door;
    }

    double share() {
        return share;
    }

    int calls() {
        return calls;
    }

    double secondsForACall() {
        return secondsForACall;
    }

    boolean stays() {
        return stays;
    }

    /// Returns when it comes first: programs tried all the time, people hear of it.
    int first(SplittableRandom random) {
        return switch (this) {
            case PHONE -> random.nextInt(1_800);
            case DESKTOP -> random.nextInt(600);
            case POP3 -> random.nextInt(900);
            case WEBMAIL -> (int) Math.min(36_000, -Math.log(1 - random.nextDouble()) * 2_700);
        };
    }

    /// Returns after how many seconds it tries again.
    ///
    /// @param tries that failed in a row, from 1
    int again(int tries, SplittableRandom random) {
        double chance = 0.8 + 0.4 * random.nextDouble();
        return (int) Math.max(1, chance * switch (this) {
            case PHONE -> Math.min(1_800, 60 << Math.min(5, tries - 1));
            case DESKTOP -> 600;
            case POP3 -> 900;
            case WEBMAIL -> tries % 5 == 0 ? 2_400 : 10 + 40 * random.nextDouble();
        });
    }

    /// Returns after how many seconds one comes again who was told to wait for `retrySeconds`: programs do not read it.
    int told(int tries, double retrySeconds, SplittableRandom random) {
        return switch (this) {
            case PHONE, DESKTOP, POP3 -> again(tries, random);
            case WEBMAIL -> (int) Math.max(1, retrySeconds);
        };
    }
}
