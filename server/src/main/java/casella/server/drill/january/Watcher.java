package casella.server.drill.january;

import casella.server.drill.Measured;
import casella.server.drill.NodeClient;
import casella.server.drill.Sample;
import casella.server.drill.Scene;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// An owner of Casella who reads the inbox and one of its mails again and again, by IMAP, and knows what each must be. For one
/// virtual thread.
final class Watcher implements Runnable {
    private final Provider provider;
    private final int owner;
    private final long everyMillis;
    private final Measured measured;
    private final CountDownLatch in;
    private final NodeClient client;
    private final RandomGenerator random;
    private final Map<Long, String> named = new HashMap<>();
    private long uidValidity;

    /// @param in told when he is logged in: the first log-ins of many stand in a line, which is no fault
    Watcher(Provider provider, int owner, long everyMillis, Measured measured, CountDownLatch in) {
        this.in = in;
        this.provider = provider;
        this.owner = owner;
        this.everyMillis = everyMillis;
        this.measured = measured;
        this.client = new NodeClient(provider, "imap", Mail.address(owner));
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(owner);
    }

    @Override
    public void run() {
        // Not all in the same moment.
        if (measured.rested(random.nextLong(everyMillis))) return;
        while (!loggedIn()) if (measured.rested(everyMillis)) return;
        in.countDown();
        do {
            long at = measured.now();
            var result = Sample.Result.FAILED;
            try {
                result = look();
            } catch (IOException e) {
                // That is what is measured.
            }
            Scene.Place place = provider.place(owner);
            measured.add(new Sample(Sample.Kind.READ, owner, at, measured.now() - at, result, place));
        } while (!measured.rested(everyMillis));
        close();
    }

    private boolean loggedIn() {
        try {
            return same(client.inbox());
        } catch (IOException e) {
            return false;
        }
    }

    private Sample.Result look() throws IOException {
        NodeClient.Inbox inbox = client.inbox();
        if (!same(inbox)) return Sample.Result.WRONG;
        if (named.isEmpty()) return Sample.Result.RIGHT;
        List<Long> uids = new ArrayList<>(inbox.subjects().keySet());
        long uid = uids.get(random.nextInt(uids.size()));
        String subject = inbox.subjects().get(uid);
        if (subject == null || client.text(uid).equals(Mail.text(subject))) return Sample.Result.RIGHT;
        measured.wrongBytes.incrementAndGet();
        return Sample.Result.WRONG;
    }

    /// Returns whether every mail has the number it had.
    private boolean same(NodeClient.Inbox inbox) {
        int changed = uidValidity == 0 || uidValidity == inbox.uidValidity() ? 0 : 1;
        uidValidity = inbox.uidValidity();
        long now = measured.now();
        for (Map.Entry<Long, String> mail : inbox.subjects().entrySet()) {
            measured.noticed.putIfAbsent(mail.getValue(), now);
            String before = named.put(mail.getKey(), mail.getValue());
            if (before != null && !before.equals(mail.getValue())) changed++;
        }
        for (Long uid : named.keySet()) if (!inbox.subjects().containsKey(uid)) changed++;
        measured.identifiersChanged.addAndGet(changed);
        return changed == 0;
    }

    private void close() {
        try {
            client.close();
        } catch (IOException e) {
            // It is no more either way.
        }
    }
}
