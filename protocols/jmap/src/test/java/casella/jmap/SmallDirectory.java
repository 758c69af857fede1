package casella.jmap;

import casella.base.AccountId;
import casella.directory.Account;
import casella.directory.Authenticator;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.Face;
import casella.directory.Identity;
import casella.directory.Plan;
import casella.directory.Resolution;
import casella.directory.ScramExchange;
import casella.directory.ScramKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A directory in memory: two brands, accounts as tests add them, one password for all.
final class SmallDirectory implements Directory, Authenticator {
    static final String PASSWORD = "casella";

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    volatile List<Brand> brands = List.of(
            new Brand("posta", "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it", "en")),
            new Brand("virgola", "Virgola", List.of("virgola.localhost"), "#b3261e", List.of("en", "it")));
    /// How often a password was looked at.
    final AtomicInteger verified = new AtomicInteger();
    volatile boolean overrun;
    volatile boolean reopening;

    Account add(String address) {
        var account = new Account(
                AccountId.random(), address, "posta", "free", "", Account.State.ACTIVE, Instant.EPOCH, null, "it");
        accounts.put(address.toLowerCase(Locale.ROOT), account);
        return account;
    }

    void disable(String address) {
        accounts.computeIfPresent(
                address,
                (_, a) -> new Account(
                        a.id(), a.address(), a.brand(), a.plan(), "", Account.State.DISABLED, a.created(), null, "it"));
    }

    private Optional<Account> named(String address) {
        return Optional.ofNullable(accounts.get(address.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Resolution resolve(String address) {
        Optional<Account> account = named(address);
        if (account.isPresent()) {
            return account.get().active()
                    ? new Resolution.Local(account.get(), Plan.FREE, address, "")
                    : new Resolution.Disabled(account.get().id());
        }
        int at = address.lastIndexOf('@');
        return at > 0 && serves(address.substring(at + 1)) ? new Resolution.Unknown() : new Resolution.NotOurs();
    }

    @Override
    public Optional<Account> account(AccountId id) {
        return accounts.values().stream().filter(one -> one.id().equals(id)).findFirst();
    }

    @Override
    public Optional<Plan> plan(String name) {
        return Optional.of(Plan.FREE);
    }

    @Override
    public Optional<Brand> brand(String name) {
        return brands.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    @Override
    public List<Brand> brands() {
        return brands;
    }

    @Override
    public Optional<Brand> brandOfHost(String host) {
        return brands.stream().filter(one -> one.hosts().contains(host)).findFirst();
    }

    @Override
    public List<String> domains(String brand) {
        return List.of(brand + ".example");
    }

    @Override
    public Optional<String> cohort(AccountId id) {
        return account(id).filter(one -> one.address().startsWith("assistenza@")).map(_ -> "staff");
    }

    @Override
    public boolean serves(String domain) {
        return domain.endsWith(".example");
    }

    @Override
    public List<Identity> identities(AccountId id) {
        return account(id).map(a -> List.of(new Identity(a.address(), "Anna", a.address()))).orElse(List.of());
    }

    @Override
    public boolean maySendAs(AccountId id, String address) {
        return account(id).filter(a -> a.address().equalsIgnoreCase(address)).isPresent();
    }

    @Override
    public Optional<Face> face(AccountId id) {
        return Optional.empty();
    }

    @Override
    public void keepFace(AccountId id, Face face) {}

    @Override
    public Condition condition() {
        return new Condition.Whole();
    }

    @Override
    public Verdict verify(String login, byte[] password, Origin origin) {
        verified.incrementAndGet();
        if (overrun) return new Verdict.TryLater(Duration.ofSeconds(7), "Too many failures", Verdict.Cause.FAILURES);
        if (reopening) return new Verdict.NotYet(41_250, Duration.ofSeconds(700), Duration.ofSeconds(90));
        Optional<Account> account = named(login);
        boolean right = new String(password, StandardCharsets.UTF_8).equals(PASSWORD);
        if (account.isEmpty() || !right) return new Verdict.Denied();
        return account.get().active() ? new Verdict.Granted(account.get()) : new Verdict.AccountDisabled();
    }

    @Override
    public ScramKeys scramKeys(String login) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Verdict vouched(Optional<String> login, Origin origin) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScramExchange scram(Origin origin) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Verdict.TryLater> refuses(Origin origin) {
        return Optional.empty();
    }
}
