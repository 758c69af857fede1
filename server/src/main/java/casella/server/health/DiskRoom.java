package casella.server.health;

import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How much room there is where things are kept, looked at every ten seconds on a thread of its own: a file system that
/// hangs holds that thread and nobody else, and its last figures stay.
public final class DiskRoom implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    /// @param name of the first folder on it
    private record Place(String name, Path folder, FileStore store) {}

    private record Room(double free, double size) {}

    private final Bulkhead lane = new Bulkhead("disk.room", 1, 2);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Path> folders;
    private volatile Map<String, Room> rooms = Map.of();

    private DiskRoom(Map<String, Path> folders) {
        this.folders = folders;
    }

    /// Begins to look. Folders that share a file system have one line, under the first one's name.
    ///
    /// @param folders by name, in the order of what matters
    public static DiskRoom start(Map<String, Path> folders, Metrics metrics) {
        var room = new DiskRoom(folders);
        try {
            List<Place> places = room.lane.call(FIRST, room::places);
            for (Place place : places) {
                metrics.gauge(Metric.DISK_FREE_BYTES, () -> room.of(place).free(), place.name());
                metrics.gauge(Metric.DISK_BYTES, () -> room.of(place).size(), place.name());
            }
            room.lane.submit(Deadline.in(FOR_EVER), () -> room.work(places)).whenAnswered((_, _) -> {});
        } catch (Fault e) {
            Log.event(Event.DOCTOR_FAILED, e, "work", "disk room");
        }
        return room;
    }

    private Room of(Place place) {
        // Nothing is known of it yet: not a reason to call anybody.
        return rooms.getOrDefault(place.name(), new Room(1, 1));
    }

    private List<Place> places() {
        var places = new ArrayList<Place>();
        folders.forEach((name, folder) -> {
            try {
                FileStore store = Files.getFileStore(folder);
                if (places.stream().noneMatch(place -> place.store().equals(store))) {
                    places.add(new Place(name, folder, store));
                }
            } catch (IOException e) {
                Log.event(Event.DOCTOR_FAILED, e, "work", "disk room", "folder", name);
            }
        });
        look(places);
        return places;
    }

    private boolean work(List<Place> places) throws InterruptedException {
        while (!closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS)) look(places);
        return true;
    }

    private void look(List<Place> places) {
        var now = new HashMap<>(rooms);
        for (Place place : places) {
            try {
                now.put(place.name(), new Room(place.store().getUsableSpace(),
                        place.store().getTotalSpace()));
            } catch (IOException e) {
                Log.event(Event.DOCTOR_FAILED, e, "work", "disk room", "folder", place.name());
            }
        }
        rooms = Map.copyOf(now);
    }

    @Override
    public void close() {
        closed.countDown();
        lane.close();
    }
}
