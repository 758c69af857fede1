package casella.incident.compensation;

import casella.base.Sha256;
import casella.incident.availability.AwayMillis;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is owed for an incident, as it was written. Of the rules that name an account's brand and plan, the first that fits counts.
///
/// @param text the file, word for word
/// @param rules in the order of the file
public record Rules(String text, List<Rule> rules) {
    public Rules {
        rules = List.copyOf(rules);
    }

    /// Returns the SHA-256 of the file, 64 hexadecimal digits.
    public String digest() {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /// Returns the rule that counts for an account; empty where it was away too short a time for each.
    Optional<Rule> of(String brand, String plan, AwayMillis measured) {
        return rules.stream().filter(rule -> rule.names(brand, plan) && rule.fits(measured)).findFirst();
    }

    /// Returns what is wrong with the rules for these brands and plans, each with where and what to do; empty where each plan of each
    /// brand is named.
    List<String> wrong(List<String> brands, List<String> allBrands, List<String> plans) {
        var wrong = new ArrayList<String>();
        for (Rule rule : rules) {
            for (String brand : rule.brands()) {
                if (!allBrands.contains(brand)) wrong.add("rule '%s': there is no brand '%s'".formatted(rule.name(), brand));
            }
            for (String plan : rule.plans()) {
                if (!plans.contains(plan)) wrong.add("rule '%s': there is no plan '%s'".formatted(rule.name(), plan));
            }
        }
        for (String brand : brands) {
            for (String plan : plans) {
                if (rules.stream().anyMatch(rule -> rule.names(brand, plan))) continue;
                wrong.add(("plan '%s' of brand '%s' is named by no rule: say what it gets, or `nothing:` with the reason"
                        + " in Italian and English").formatted(plan, brand));
            }
        }
        return wrong;
    }
}
