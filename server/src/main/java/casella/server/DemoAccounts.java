package casella.server;

import casella.directory.Account;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.Password;
import casella.directory.Plan;
import casella.directory.Registrar;
import casella.directory.Registrar.NewAccount;
import java.util.List;
import java.util.Optional;

/// The two brands and few accounts of `casella demo`. What is there already stays as it is.
public final class DemoAccounts {
    /// The password of every demo account.
    public static final String PASSWORD = "casella";

    /// Anna's first.
    static final List<Wanted> WANTED = List.of(
            new Wanted("anna@posta.example", "Anna Bianchi", "plus", "it", List.of("info@posta.example")),
            new Wanted("carlo@posta.example", "Carlo Ferri", "free", "it", List.of()),
            new Wanted("bruno@virgola.example", "Bruno Conti", "plus", "en", List.of()),
            new Wanted("dora@virgola.example", "Dora Klein", "free", "en", List.of()));

    record Wanted(String address, String name, String plan, String language, List<String> aliases) {}

    private DemoAccounts() {}

    /// Enters the brands, their domains and the plan where there is no brand yet.
    ///
    /// @throws IllegalStateException if the directory refuses one
    static void enterBrands(Registrar registrar) {
        if (!registrar.brands().isEmpty()) return;
        done(registrar.putBrand(new Brand("posta", "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it", "en"))));
        done(registrar.putBrand(
                new Brand("virgola", "Virgola", List.of("virgola.localhost"), "#a02c5a", List.of("en", "it"))));
        done(registrar.addDomain("posta", "posta.example"));
        done(registrar.addDomain("virgola", "virgola.example"));
        done(registrar.putPlan(new Plan("plus", 50L << 30, true, Plan.ServiceLevel.PREMIUM, 90)));
    }

    /// Returns the account, entered if it is missing.
    ///
    /// @throws IllegalStateException if the directory refuses it
    static Account enter(Registrar registrar, Wanted wanted) {
        Optional<Account> there = registrar.find(wanted.address());
        if (there.isPresent()) return there.get();
        return done(registrar.add(new NewAccount(
                wanted.address(), wanted.plan(), wanted.name(), wanted.language(), Password.clear(PASSWORD),
                wanted.aliases(), null)));
    }

    private static <T> T done(Answer<T> answer) {
        return switch (answer) {
            case Answer.Done<T>(T value) -> value;
            case Answer.Refused<T> refused -> throw new IllegalStateException(refused.message());
        };
    }
}
