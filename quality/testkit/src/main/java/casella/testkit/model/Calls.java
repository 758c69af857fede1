package casella.testkit.model;

import casella.base.Ticket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls into one part, each with its fate. Writes of one key stay in order, also those that are late: what
/// comes after a late one waits behind it, as behind a hung file.
final class Calls {
    /// Longer than the deadlines of a run's accounts, shorter than anybody's patience.
    static final Duration LATE = Duration.ofMillis(150);

    private static final Duration SLOW = Duration.ofMillis(2);

    private record Waiting(Runnable land, Runnable die) {}

    private final Fates fates;
    private final Map<Object, Deque<Waiting>> waiting = new HashMap<>();
    private boolean dead;

    Calls(Fates fates) {
        this.fates = fates;
    }

    Fates fates() {
        return fates;
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param key writes of which keep their order
    <T extends @Nullable Object> Ticket<T> write(Object key, String work, Supplier<Ticket<T>> inner) {
        Fates.Write fate = fates.write();
        switch (fate) {
            case AWAY -> {
                return Ticket.failed(work, Fates.away(work));
            }
            case FULL -> {
                return Ticket.failed(work, Fates.full(work));
            }
            case SLOW -> sleep(SLOW);
            case WELL, UNKNOWN, DAMAGED, LATE, LOST -> {}
        }
        var outer = new Ticket<T>(work);
        boolean lost = fate == Fates.Write.LOST;
        Runnable land = () -> {
            if (lost) outer.fail(Fates.away(work));
            else inner.get().whenAnswered((value, failure) -> {
                if (failure != null) outer.fail(failure);
                else if (fate == Fates.Write.UNKNOWN) outer.fail(Fates.away(work));
                else if (fate == Fates.Write.DAMAGED) outer.fail(Fates.damaged(work));
                else complete(outer, value);
            });
        };
        put(key, land, () -> outer.fail(Fates.away(work)), lost || fate == Fates.Write.LATE);
        return outer;
    }

    @SuppressWarnings("NullAway") // a ticket of a nullable type takes null
    private static <T extends @Nullable Object> void complete(Ticket<T> ticket, @Nullable T value) {
        ticket.complete(value);
    }

    private synchronized void put(Object key, Runnable land, Runnable die, boolean late) {
        if (dead) {
            die.run();
            return;
        }
        Deque<Waiting> behind = waiting.get(key);
        if (behind != null) {
            behind.add(new Waiting(land, die));
        } else if (!late) {
            land.run();
        } else {
            waiting.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(new Waiting(land, die));
            Thread.ofVirtual().start(() -> {
                sleep(LATE);
                land(key);
            });
        }
    }

    private synchronized void land(Object key) {
        Deque<Waiting> all = waiting.remove(key);
        if (all == null) return;
        for (Waiting one : all) {
            if (dead) one.die().run();
            else one.land().run();
        }
    }

    /// Lets all that is late land now.
    synchronized void settle() {
        for (Object key : List.copyOf(waiting.keySet())) land(key);
    }

    /// The process dies: of what is late, some was done before.
    synchronized void die(Random dice) {
        for (Deque<Waiting> all : waiting.values()) {
            int done = dice.nextInt(all.size() + 1);
            for (Waiting one : all) {
                if (done-- > 0) one.land().run();
                else one.die().run();
            }
        }
        waiting.clear();
        dead = true;
    }

    <T extends @Nullable Object> T read(String work, Duration time, Function<Fates.Read, T> inner) {
        synchronized (this) {
            if (dead) throw Fates.away(work);
        }
        Fates.Read fate = fates.read();
        switch (fate) {
            case SLOW -> sleep(SLOW);
            case AWAY -> throw Fates.away(work);
            case DAMAGED -> throw Fates.damaged(work);
            case LATE -> {
                boolean past = time.compareTo(LATE) < 0;
                sleep(past ? time : LATE);
                if (past) throw Fates.away(work);
            }
            case WELL, WRONG, SHORT, MISSING -> {}
        }
        return inner.apply(fate);
    }
}
