package casella.directory;

import java.util.List;
import java.util.regex.Pattern;

/// A name under which mail is offered, with a look and domains of its own.
///
/// @param name `posta`: 1 to 32 of `a-z 0-9 -`
/// @param title what people read: `Posta`
/// @param hosts names under which its webmail answers: `posta.localhost`; lower case
/// @param accent colour of the look, `#rrggbb`
/// @param languages BCP 47 tags it is offered in, the preferred one first; at least one
public record Brand(String name, String title, List<String> hosts, String accent, List<String> languages) {
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-f]{6}");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,4}");

    public Brand {
        Names.check("brand", name);
        if (title.isBlank() || title.length() > 80) throw new IllegalArgumentException("title: must be 1 to 80 characters");
        if (!COLOUR.matcher(accent).matches()) throw new IllegalArgumentException("accent: must be a colour like #1b6ac9");
        hosts = hosts.stream().map(Addresses::domainKey).toList();
        if (languages.isEmpty()) throw new IllegalArgumentException("languages: must name at least one");
        for (String tag : languages) {
            if (!TAG.matcher(tag).matches()) throw new IllegalArgumentException("languages: '" + tag + "' is no BCP 47 tag");
        }
        languages = List.copyOf(languages);
    }
}
