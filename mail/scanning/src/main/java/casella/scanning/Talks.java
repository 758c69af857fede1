package casella.scanning;

import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Connections to one program, one for each thing it is asked, and a bounded number of them at a time.
///
/// A program that hangs, drips or never ends is cut off when the caller's time is over: the connection is closed under whatever the
/// talk waits for. Safe from any virtual thread.
final class Talks implements AutoCloseable {
    /// What is said.
    interface Talk<T> {
        T with(InputStream in, OutputStream out) throws IOException;
    }

    private final String name;
    private final Place place;
    private final Semaphore room;
    /// Looking a name up is a native call.
    private final Bulkhead names;

    /// @param name of whom they are with, in faults: `rspamd`
    /// @param most at a time
    Talks(String name, Place place, int most) {
        this.name = name;
        this.place = place;
        this.room = new Semaphore(most);
        this.names = new Bulkhead(name + ".names", 1, 256);
    }

    /// Connects, talks, and returns what came of it.
    ///
    /// @throws Busy if no connection may be made within `time`: there are as many as may be
    /// @throws Fault.Unavailable if nothing came of it within `time`, or what came was nothing it may say
    <T> T talk(Duration time, Talk<T> talk) {
        Deadline deadline = Deadline.in(time);
        enter(deadline);
        var answer = new CompletableFuture<T>();
        SocketChannel channel;
        try {
            channel = place instanceof Place.Socket
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
        } catch (IOException e) {
            room.release();
            throw away("It cannot be connected to", e);
        }
        Thread.ofVirtual().name(name).start(() -> {
            try (channel) {
                channel.connect(address(deadline));
                answer.complete(talk.with(Channels.newInputStream(channel),
                        Channels.newOutputStream(channel)));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            } finally {
                room.release();
            }
        });
        try {
            return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw away("It did not answer in time", e);
        } catch (ExecutionException e) {
            throw away("It did not answer", e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("Interrupted while waiting", e);
        } finally {
            cut(channel);
        }
    }

    /// As many as may be are under way.
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("as many as may be are under way", null, false, false);
        }
    }

    private void enter(Deadline deadline) {
        try {
            if (!room.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) throw new Busy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("Interrupted while waiting", e);
        }
    }

    private SocketAddress address(Deadline deadline) {
        return switch (place) {
            case Place.Socket(var path) -> UnixDomainSocketAddress.of(path);
            case Place.Port(String host, int port) -> new InetSocketAddress(
                    names.call(Duration.ofNanos(deadline.remainingNanos()), () ->
                            InetAddress.getByName(host)),
                    port);
        };
    }

    /// Returns the fault of one that answered nothing that makes sense.
    static Fault.Unavailable unavailable(String name, IOException why) {
        return new Fault.Unavailable("It did not answer", Map.of("scanner", name), why);
    }

    private Fault.Unavailable away(String why, Throwable cause) {
        return new Fault.Unavailable(why, Map.of("scanner", name), cause);
    }

    private static void cut(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is no longer used, whatever it says
            return;
        }
    }

    @Override
    public void close() {
        names.close();
    }
}
