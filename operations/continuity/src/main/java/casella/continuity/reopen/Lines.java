package casella.continuity.reopen;

import casella.base.Admission;
import casella.base.Admission.Answer;
import casella.base.Admission.Door;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// A line for each door and each group of owners, and the tokens shared out among those before which somebody stands: three
/// shares for a door behind which people wait, one for one that machines ask at; those of a door go to its groups by how many
/// wait. One thread's.
final class Lines {
    private static final long STANDS_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long BRING_NANOS = Duration.ofMillis(100).toNanos();
    private static final double RETRY_MIN = 15;
    private static final double RETRY_MAX = 600;
    private static final Door[] DOORS = Door.values();

    private final int groups;
    private final Map<Door, Line[]> lines = new EnumMap<>(Door.class);
    private final List<Line> all = new ArrayList<>();
    private final RandomGenerator random;
    private double perSecond;
    private long broughtNanos;
    private double brought;
    private double unused;

    /// @param groups how many groups of owners there are
    Lines(int groups, double perSecond, RandomGenerator random, long nowNanos) {
        this.groups = groups;
        for (Door door : DOORS) {
            Line[] ofDoor = new Line[groups];
            for (int i = 0; i < groups; i++) ofDoor[i] = new Line();
            all.addAll(List.of(ofDoor));
            lines.put(door, ofDoor);
        }
        this.perSecond = perSecond;
        this.random = random;
        this.broughtNanos = nowNanos;
    }

    private static int weight(Door door) {
        return switch (door) {
            case IMAP, JMAP -> 3;
            case POP3, SMTP -> 1;
        };
    }

    private Line line(Door door, int group) {
        return Objects.requireNonNull(lines.get(door))[group];
    }

    Answer ask(int group, Door door, long account, long nowNanos) {
        if (nowNanos - broughtNanos >= BRING_NANOS) bring(nowNanos);
        Line line = line(door, group);
        long place = line.ask(account, nowNanos);
        if (place == 0) return Admission.IN;
        double speed = perSecond * weight(door) / weights(nowNanos) * (line.waiting() + 1) / standing(door, nowNanos);
        return notYet(random, place, place / speed);
    }

    /// Takes note of how many come in each second from now on.
    ///
    /// @return the share of the tokens since this was last called that nobody came for, 0 to 1
    double speed(double perSecond, long nowNanos) {
        bring(nowNanos);
        this.perSecond = perSecond;
        double share = brought == 0 ? 1 : Math.min(1, unused / brought);
        brought = 0;
        unused = 0;
        return share;
    }

    /// Shares out the tokens that came since this was last done.
    private void bring(long nowNanos) {
        double seconds = (nowNanos - broughtNanos) / 1e9;
        broughtNanos = nowNanos;
        if (seconds <= 0) return;
        int weights = weights(nowNanos);
        double over = weights == 0 ? perSecond * seconds : 0;
        for (Door door : DOORS) {
            double standing = standing(door, nowNanos);
            // Before a door where nobody stands there is a little for the first one who comes.
            double share = standing > 0 ? perSecond * weight(door) / weights : Math.min(1, perSecond / DOORS.length);
            double left = 0;
            for (int group = 0; group < groups; group++) {
                Line line = line(door, group);
                double part = standing == 0 ? 1.0 / groups
                        : line.asked(nowNanos, STANDS_NANOS) ? (line.waiting() + 1) / standing : 0;
                left += line.bring(share * part * seconds, Math.max(1, share * part * 2));
            }
            if (standing > 0) over += left;
        }
        brought += perSecond * seconds;
        unused += over - giveAway(over, seconds);
    }

    /// Gives what nobody came for to the lines in which people do wait; returns how much of it is of use there.
    private double giveAway(double over, double seconds) {
        double waiting = 0;
        for (Line line : all) waiting += line.waiting();
        if (waiting == 0 || over == 0) return 0;
        double used = 0;
        for (Line line : all) {
            if (line.waiting() == 0) continue;
            double share = over * line.waiting() / waiting;
            used += share - line.bring(share, Math.max(line.most(), share / seconds * 2));
        }
        return used;
    }

    private int weights(long nowNanos) {
        int weights = 0;
        for (Door door : DOORS) if (standing(door, nowNanos) > 0) weights += weight(door);
        return weights;
    }

    /// Returns how many stand before a door and were not called, and one for each of its lines; 0 where nobody asks.
    private double standing(Door door, long nowNanos) {
        double standing = 0;
        for (int group = 0; group < groups; group++) {
            Line line = line(door, group);
            if (line.asked(nowNanos, STANDS_NANOS)) standing += line.waiting() + 1;
        }
        return standing;
    }

    long waiting() {
        long waiting = 0;
        for (Line line : all) waiting += line.waiting();
        return waiting;
    }

    /// Returns the answer to one who has to wait for `seconds`: asked to come back about then, and not all at once.
    static Answer.NotYet notYet(RandomGenerator random, long place, double seconds) {
        double retry = Math.clamp(seconds, RETRY_MIN, RETRY_MAX) * (0.8 + 0.5 * random.nextDouble());
        return new Answer.NotYet(place, ofSeconds(seconds), ofSeconds(Math.max(1, retry)));
    }

    private static Duration ofSeconds(double seconds) {
        return Duration.ofMillis((long) (Math.min(seconds, 1e8) * 1_000));
    }
}
