package casella.server;

import casella.directory.Account;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.Password;
import casella.directory.Plan;
import casella.directory.Registrar;
import casella.directory.Registrar.NewAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The two brands and few accounts of `casella demo`. What is there already stays as it is.
public final class DemoAccounts {
    /// The password of every demo account.
    public static final String PASSWORD = "casella";

    private static final List<Wanted> WANTED = List.of(
            new Wanted("anna@posta.example", "Anna Bianchi", "plus", "it", List.of("info@posta.example")),
            new Wanted("carlo@posta.example", "Carlo Ferri", "free", "it", List.of()),
            new Wanted("bruno@virgola.example", "Bruno Conti", "plus", "en", List.of()),
            new Wanted("dora@virgola.example", "Dora Klein", "free", "en", List.of()));

    private record Wanted(String address, String name, String plan, String language, List<String> aliases) {}

    private DemoAccounts() {}

    /// Enters what is missing and returns the demo accounts, Anna's first.
    ///
    /// @throws IllegalStateException if the directory refuses one
    public static List<Account> enter(Registrar registrar) {
        if (registrar.brands().isEmpty()) {
            done(registrar.putBrand(new Brand("posta", "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it", "en"))));
            done(registrar.putBrand(
                    new Brand("virgola", "Virgola", List.of("virgola.localhost"), "#a02c5a", List.of("en", "it"))));
            done(registrar.addDomain("posta", "posta.example"));
            done(registrar.addDomain("virgola", "virgola.example"));
            done(registrar.putPlan(new Plan("plus", 50L << 30, true, Plan.ServiceLevel.PREMIUM, 90)));
        }
        var accounts = new ArrayList<Account>();
        for (Wanted wanted : WANTED) {
            Optional<Account> there = registrar.find(wanted.address());
            accounts.add(there.isPresent() ? there.get() : done(registrar.add(new NewAccount(
                    wanted.address(), wanted.plan(), wanted.name(), wanted.language(), Password.clear(PASSWORD),
                    wanted.aliases(), null))));
        }
        return List.copyOf(accounts);
    }

    private static <T> T done(Answer<T> answer) {
        return switch (answer) {
            case Answer.Done<T>(T value) -> value;
            case Answer.Refused<T> refused -> throw new IllegalStateException(refused.message());
        };
    }
}
