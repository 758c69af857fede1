package casella.server.scanning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Metrics;
import casella.base.Uid;
import casella.engine.memory.MemoryEngine;
import casella.scanning.Place;
import casella.scanning.Teacher;
import casella.store.Account;
import casella.store.Keywords;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Role;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Proves what is learned from what owners move, and that they never wait for it.
@Timeout(60)
final class LessonsTest {
    private final SteppedClock clock = new SteppedClock();
    /// Path and subject of each lesson the controller got.
    private final BlockingQueue<String> taught = new LinkedBlockingQueue<>();
    private volatile String reply = "200 OK";
    private TestStore store;
    private Account anna;
    private ServerSocket controller;
    private Lessons lessons;

    @BeforeEach
    void open() throws IOException {
        controller = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        store = TestStore.over(new MemoryEngine());
        anna = store.account();
        var teacher = new Teacher(new Place.Port("127.0.0.1", controller.getLocalPort()), "lesson");
        lessons = new Lessons(teacher, store.accounts(), 1_000, clock, Metrics.none()).start();
    }

    @AfterEach
    void close() throws IOException {
        lessons.close();
        store.close();
        controller.close();
    }

    private void serve() {
        while (!controller.isClosed()) answer();
    }

    private void answer() {
        try (Socket one = controller.accept()) {
            var in = new BufferedReader(new InputStreamReader(one.getInputStream(), US_ASCII));
            String path = in.readLine().split(" ")[1];
            String line;
            do line = in.readLine(); while (!line.startsWith("Subject: "));
            if (reply.startsWith("200")) taught.add(path + " " + line.substring("Subject: ".length()));
            one.getOutputStream().write(("HTTP/1.0 " + reply + "\r\n\r\n{}").getBytes(US_ASCII));
        } catch (IOException e) {
            return; // cut off, or closed
        }
    }

    private MailboxId mailbox(Role role) {
        return anna.read(view -> view.mailbox(role)).id();
    }

    /// Brings a mail into a mailbox, as delivery and APPEND do.
    private Uid add(String subject, Role into) {
        byte[] mail = ("Subject: " + subject + "\r\n\r\nx\r\n").getBytes(US_ASCII);
        NewEmail inbox = NewEmail.delivery(mail, Instant.EPOCH, "", "");
        var email = new NewEmail(
                mail, inbox.summary(), Instant.EPOCH, "", "", List.of(mailbox(into)), Keywords.NONE);
        return ((Outcome.Kept) anna.add(email)).placements().getFirst().uid();
    }

    private ArrivalId email(Role in, Uid uid) {
        return anna.read(view -> view.placement(mailbox(in), uid)).email();
    }

    private List<String> lessons(int count) throws InterruptedException {
        var all = new ArrayList<String>();
        while (all.size() < count) {
            String one = taught.poll(20, TimeUnit.SECONDS);
            assertThat(one).as("after " + all).isNotNull();
            all.add(one);
        }
        return all;
    }

    /// Nothing else is learned before what comes last.
    private void andNothingElse() throws InterruptedException {
        var _ = anna.move(mailbox(Role.INBOX), List.of(add("last", Role.INBOX)), mailbox(Role.JUNK));
        assertThat(lessons(1)).containsExactly("/learnspam last");
    }

    @Test
    void intoJunkIsSpamAndOutOfItIsNone() throws InterruptedException {
        Uid one = add("one", Role.INBOX);
        Uid two = add("two", Role.INBOX);
        var moved = (Outcome.Placed) anna.move(mailbox(Role.INBOX), List.of(one, two), mailbox(Role.JUNK));
        assertThat(lessons(2)).containsExactly("/learnspam one", "/learnspam two");
        var _ = anna.move(mailbox(Role.JUNK), List.of(moved.uids().getFirst().to()), mailbox(Role.INBOX));
        assertThat(lessons(1)).containsExactly("/learnham one");
        andNothingElse();
    }

    @Test
    void copiesCountAsMovesDo() throws InterruptedException {
        Uid one = add("one", Role.ARCHIVE);
        var copied = (Outcome.Placed) anna.copy(mailbox(Role.ARCHIVE), List.of(one), mailbox(Role.JUNK));
        assertThat(lessons(1)).containsExactly("/learnspam one");
        Uid inJunk = copied.uids().getFirst().to();
        var _ = anna.copy(mailbox(Role.JUNK), List.of(inJunk), mailbox(Role.INBOX));
        assertThat(lessons(1)).containsExactly("/learnham one");
        andNothingElse();
    }

    @Test
    void aJmapEditIsAMoveToo() throws InterruptedException {
        ArrivalId one = email(Role.INBOX, add("one", Role.INBOX));
        var seen = new Keywords.Edit.Add(Keywords.of(Keywords.SEEN));
        anna.editEmail(one, new Account.EmailEdit(
                List.of(mailbox(Role.JUNK)), List.of(mailbox(Role.INBOX)), seen));
        anna.editEmail(one, new Account.EmailEdit(
                List.of(mailbox(Role.ARCHIVE)), List.of(mailbox(Role.JUNK)), seen));
        assertThat(lessons(2)).containsExactly("/learnspam one", "/learnham one");
        andNothingElse();
    }

    @Test
    void whatNobodyCallsSpamOrNotTeachesNothing() throws InterruptedException {
        Uid delivered = add("delivered", Role.JUNK);
        var _ = anna.move(mailbox(Role.JUNK), List.of(delivered), mailbox(Role.TRASH));
        Uid kept = add("kept", Role.INBOX);
        var _ = anna.move(mailbox(Role.INBOX), List.of(kept), mailbox(Role.ARCHIVE));
        Uid deleted = add("deleted", Role.JUNK);
        var _ = anna.setKeywords(mailbox(Role.JUNK), List.of(deleted),
                new Keywords.Edit.Add(Keywords.of(Keywords.DELETED)),
                null);
        anna.expunge(mailbox(Role.JUNK), null);
        Uid ours = add("ours", Role.INBOX);
        ScopedValue.where(Lessons.UNTAUGHT, true)
                .call(() -> anna.move(mailbox(Role.INBOX), List.of(ours), mailbox(Role.JUNK)));
        Uid large = add("large" + "x".repeat(2_000), Role.INBOX);
        var _ = anna.move(mailbox(Role.INBOX), List.of(large), mailbox(Role.JUNK));
        andNothingElse();
    }

    @Test
    void ownersDoNotWaitForAControllerThatIsAwayAndItLearnsWhenItIsBack() throws InterruptedException {
        reply = "503 later";
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            var _ = anna.move(mailbox(Role.INBOX), List.of(add("mail" + i, Role.INBOX)), mailbox(Role.JUNK));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        reply = "200 OK";
        assertThat(lessons(20)).startsWith("/learnspam mail0").endsWith("/learnspam mail19");
    }

    @Test
    void oneOwnerTeachesNotMoreThanHisShare() throws InterruptedException {
        var uids = new ArrayList<Uid>();
        for (int i = 0; i < Lessons.AN_HOUR + 5; i++) uids.add(add("mail" + i, Role.INBOX));
        var _ = anna.move(mailbox(Role.INBOX), uids, mailbox(Role.JUNK));
        assertThat(lessons(Lessons.AN_HOUR)).hasSize(Lessons.AN_HOUR);
        var _ = anna.move(mailbox(Role.INBOX), List.of(add("more", Role.INBOX)), mailbox(Role.JUNK));
        Account bruno = store.account();
        anna = bruno;
        andNothingElse(); // and of anna's nothing came before it
        clock.step(Duration.ofHours(1));
        andNothingElse();
    }
}
