package casella.incident.voice;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.authenticity.DkimKey;
import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Metrics;
import casella.delivery.AccountFiling;
import casella.delivery.Delivery;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Password;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.engine.memory.MemoryEngine;
import casella.message.BodyLists;
import casella.message.BodyValue;
import casella.message.Part;
import casella.message.Summary;
import casella.queue.Drain;
import casella.queue.LocalQueue;
import casella.queue.QueueLimits;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.testkit.TestStore;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A brand `Posta` with an Italian and an English owner, and all that a message of the brand goes through.
public final class Village implements AutoCloseable {
    static final DkimKey KEY = key();

    public final TestStore store = TestStore.over(new MemoryEngine());
    public final SqliteDirectory directory;
    public final LocalQueue queue;
    public final AccountId anna;
    public final AccountId bruno;
    private final Bulkhead cpu = new Bulkhead("test.voice", 2, 16);

    public Village(Path folder) {
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(),
                Metrics.none());
        done(directory.registrar().putBrand(
                new Brand("posta", "Posta", List.of(), "#000000", List.of("it", "en"))));
        done(directory.registrar().addDomain("posta", "posta.example"));
        anna = add("anna", "Anna Bianchi", "it");
        bruno = add("bruno", "", "en");
        queue = LocalQueue.open(folder.resolve("queue"), QueueLimits.DEFAULT, store.clock(), Metrics.none());
    }

    private static DkimKey key() {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance("RSA");
            maker.initialize(2_048);
            KeyPair pair = maker.generateKeyPair();
            return new DkimKey("posta.example", "casella-20261123", pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T done(Answer<T> answer) {
        if (answer instanceof Answer.Done<T>(T value)) return value;
        throw new AssertionError(answer.toString());
    }

    private AccountId add(String local, String name, String language) {
        AccountId id = done(directory.registrar().add(new Registrar.NewAccount(
                local + "@posta.example", null, name, language, Password.either("segreto-12345"),
                        List.of(), null))).id();
        store.accounts().create(id, TestStore.MAILBOXES);
        return id;
    }

    /// A voice as a server has one after each start.
    public Voice voice() {
        var delivery = new Delivery(
                directory, store.accounts(), Optional.of(queue), cpu, store.clock(), Metrics.none());
        return new Voice(directory, delivery, _ -> KEY, "mx.posta.example", store.clock());
    }

    public Drain drain() {
        var filing = new AccountFiling(directory, store.accounts());
        return new Drain(queue, filing, () -> true, cpu, store.clock(), Metrics.none());
    }

    /// Returns the mails of an account, oldest first.
    public List<String> mails(AccountId id) {
        Account account = store.accounts().open(id);
        var texts = new ArrayList<String>();
        for (Email email : account.read(view -> view.emails(null, 100).stream().map(view::email).toList())) {
            if (account.body(email) instanceof Body.Present(var bytes)) texts.add(new String(bytes, UTF_8));
        }
        return texts;
    }

    /// Returns what a mail says, decoded.
    public static String text(String mail) {
        Summary summary = Summary.of(mail.getBytes(UTF_8));
        Part text = BodyLists.of(summary.root()).textBody().getFirst();
        return BodyValue.of(mail.getBytes(UTF_8), text, 0).value()
                .replace("\r\n", "\n");
    }

    @Override
    public void close() {
        queue.close();
        directory.close();
        store.close();
        cpu.close();
    }
}
