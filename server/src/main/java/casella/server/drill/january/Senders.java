package casella.server.drill.january;

import casella.server.drill.Measured;
import casella.server.drill.NodeClient;
import casella.server.drill.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import java.util.function.LongToIntFunction;

/// Other servers, which bring mail by LMTP. Safe from any thread.
final class Senders {
    private static final int LINES = 8;
    /// What is there before comes by many at once: each waits for a sync that they share.
    private static final int FILL_LINES = 64;

    private static final long TELL_MILLIS = 500;

    private final Provider provider;
    private final AtomicLong next = new AtomicLong();

    Senders(Provider provider) {
        this.provider = provider;
    }

    /// Brings so many mails as quickly as they are taken.
    ///
    /// @param share told how far it is, 0 to 1
    /// @throws IOException if one is not
    void fill(long mails, LongToIntFunction owner, DoubleConsumer share) throws IOException {
        long until = next.get() + mails;
        var failed = new ArrayList<IOException>();
        var lines = new ArrayList<Thread>();
        for (int i = 0; i < FILL_LINES; i++) {
            lines.add(Thread.ofVirtual().name("january.fill-" + i).start(() -> {
                try (var client = new NodeClient(provider, "lmtp", "")) {
                    for (long n = next.getAndIncrement(); n < until; n = next.getAndIncrement()) {
                        String subject = Mail.subject(n);
                        String to = Mail.address(owner.applyAsInt(n));
                        if (client.deliver(to, subject, Mail.text(subject))) continue;
                        throw new IOException("not taken: " + subject);
                    }
                } catch (IOException e) {
                    synchronized (failed) {
                        failed.add(e);
                    }
                }
            }));
        }
        for (Thread line : lines) {
            while (!ended(line)) share.accept((double) Math.min(mails, next.get() - until + mails) / mails);
        }
        next.set(until);
        synchronized (failed) {
            if (!failed.isEmpty()) throw failed.getFirst();
        }
    }

    /// Brings mail until measuring ends; returns at once.
    List<Thread> begin(Owners owners, int perSecond, Measured measured) {
        int lines = Math.min(LINES, perSecond);
        long every = 1_000L * lines / perSecond;
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < lines; i++) {
            threads.add(Thread.ofVirtual().name("january.sender-" + i).start(() -> bring(owners, every, measured)));
        }
        return threads;
    }

    private void bring(Owners owners, long every, Measured measured) {
        var client = new NodeClient(provider, "lmtp", "");
        do {
            long number = next.getAndIncrement();
            int owner = owners.gets(number);
            String subject = Mail.subject(number);
            long at = measured.now();
            var result = Sample.Result.FAILED;
            try {
                if (client.deliver(Mail.address(owner), subject, Mail.text(subject))) {
                    measured.accepted.put(subject, measured.now());
                    result = Sample.Result.RIGHT;
                } else {
                    measured.refused.incrementAndGet();
                }
            } catch (IOException e) {
                measured.refused.incrementAndGet();
            }
            long took = measured.now() - at;
            measured.add(new Sample(Sample.Kind.MAIL, owner, at, took, result, provider.place(owner)));
        } while (!measured.rested(every));
        try {
            client.close();
        } catch (IOException e) {
            // It is no more either way.
        }
    }

    static void joined(List<Thread> threads) {
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ended(Thread thread) {
        try {
            return thread.join(Duration.ofMillis(TELL_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Waits a moment.
    static void pause(long millis) {
        try {
            var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
