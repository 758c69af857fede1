package casella.server.scanning;

import casella.base.Event;
import casella.base.Log;
import casella.delivery.Disposition;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Scanning;
import casella.scanning.Letter;
import casella.scanning.Scanners;
import casella.scanning.Scanners.Looked;
import casella.scanning.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// Asks the scanners about mail before it is filed. Urgent mail waits for them half a second at most, other mail as long as they may
/// take; what they do not say by then is asked later.
final class AskingScanners implements Scanning {
    /// Urgent mail is to be filed within a second, and filing takes some of it.
    private static final Duration URGENT_TIME = Duration.ofMillis(500);

    private final Scanners scanners;
    private final ScanList list;
    private final Runnable news;
    private final boolean refuseMalware;
    private final boolean submissions;

    /// @param news told that there is something on the list
    /// @param refuseMalware whether malware is refused; else it goes into Junk
    /// @param submissions whether mail of our own users is looked at for malware
    AskingScanners(
            Scanners scanners, ScanList list, Runnable news, boolean refuseMalware, boolean submissions) {
        this.scanners = scanners;
        this.list = list;
        this.news = news;
        this.refuseMalware = refuseMalware;
        this.submissions = submissions;
    }

    @Override
    public Scan scan(Envelope envelope, byte[] mail, BooleanSupplier urgent) {
        boolean ours = envelope.account() != null || envelope.trace().clientHidden();
        if (ours && !submissions) return new Scan.Done(new Disposition.Inbox());
        var looking = new CompletableFuture<Looked>();
        Letter letter = letter(envelope, mail, ours);
        Thread.ofVirtual().name("scan").start(() -> {
            try {
                looking.complete(scanners.look(letter, name -> !ours || name.equals("clamd")));
            } catch (RuntimeException mistake) {
                looking.completeExceptionally(mistake);
            }
        });
        try {
            try {
                return scan(envelope, looking.get(URGENT_TIME.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return urgent.getAsBoolean() ? new Scan.NotYet() : scan(envelope, looking.get());
            }
        } catch (ExecutionException mistake) {
            Log.event(Event.SCANNING_FAILED, mistake, "id", envelope.trace().id());
            return new Scan.NotYet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Scan.NotYet();
        }
    }

    private static Letter letter(Envelope envelope, byte[] mail, boolean ours) {
        List<String> recipients = envelope.recipients().stream().map(Recipient::address).toList();
        if (ours) return new Letter(mail, "", "", envelope.sender(), recipients, envelope.sender());
        return new Letter(mail, envelope.trace().peer().getHostAddress().replaceFirst("%.*", ""),
                envelope.trace().from(), envelope.sender(), recipients, "");
    }

    /// Whatever one of them found counts, also where another said nothing: what is in Junk or refused needs no more looks.
    private Scan scan(Envelope envelope, Looked looked) {
        Disposition disposition = disposition(looked.worst());
        if (disposition instanceof Disposition.Inbox && !looked.whole()) return new Scan.NotYet();
        if (!(disposition instanceof Disposition.Inbox)) {
            Log.event(Event.SCANNING_FOUND, "id", envelope.trace().id(), "verdict", looked.worst().word(),
                    "reason", looked.worst().reason());
        }
        return new Scan.Done(disposition);
    }

    private Disposition disposition(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Clean _ -> new Disposition.Inbox();
            case Verdict.Junk(String reason) -> new Disposition.Junk(reason);
            case Verdict.Spam _ -> new Disposition.Refuse(550, "5.7.1", "This message looks like spam");
            case Verdict.Malware(String name) -> refuseMalware
                    ? new Disposition.Refuse(550, "5.7.1", "Malware was found in this message")
                    : new Disposition.Junk("malware " + name);
        };
    }

    @Override
    public void later(List<Unscanned> mail) {
        list.keep(mail);
        news.run();
    }
}
