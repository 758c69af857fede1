package casella.base;

import java.text.Normalizer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What owners are told of what is going on, by whoever runs the service. Asked often and by every protocol, so it must answer
/// at once, from memory, whatever is away.
public interface Notices {
    /// One sentence or two for one line.
    ///
    /// @param id of the incident
    /// @param severity `minor`, `major` or `critical`
    /// @param state `investigating`, `identified`, `restoring` or `monitoring`
    /// @param changed when it was said
    /// @param italian at most 400 characters, no line breaks, no links
    /// @param english the same
    record Notice(long id, String severity, String state, Instant changed, String italian, String english) {
        /// Returns the text for a BCP 47 tag: what is not Italian is told in English.
        public String in(String language) {
            return language.startsWith("it") ? italian : english;
        }

        /// As above, in ASCII, for protocols whose texts are: letters lose their marks, what has no letter under it is left out.
        public String ascii(String language) {
            String plain = in(language).replace('\u2013', '-').replace('\u2014', '-').replace('\u2019', '\'')
                    .replace("\u2026", "...");
            String apart = Normalizer.normalize(plain, Normalizer.Form.NFKD);
            var out = new StringBuilder(apart.length());
            for (int i = 0; i < apart.length(); i++) {
                char c = apart.charAt(i);
                boolean last = i + 1 == apart.length() || !Character.isLetter(apart.charAt(i + 1));
                if (c >= ' ' && c < 127) out.append(c);
                // Italian writes an accent that cannot be written as an apostrophe behind the letter, at a word's end.
                else if ((c == '\u0300' || c == '\u0301') && last) out.append('\'');
            }
            return out.toString();
        }
    }

    /// Who is told, and where.
    ///
    /// @param account whose owner it is; null where nobody has said who he is
    /// @param door `imap`, `smtp` or `web`
    /// @param app the client program, as it names itself; empty where it does not
    record Listener(String brand, @Nullable AccountId account, String door, String app) {
        /// The webmail, its log-in page and the status pages: what concerns single doors and programs is said there, too.
        public static final String WEB = "web";

        /// Anybody who opens a page of the brand.
        public static Listener anybody(String brand) {
            return new Listener(brand, null, WEB, "");
        }

        /// The owner of an account, in the webmail or another JMAP client.
        public static Listener owner(String brand, AccountId account) {
            return new Listener(brand, account, WEB, "");
        }
    }

    /// Says nothing.
    Notices NONE = _ -> Optional.empty();

    /// Returns what somebody is told now: the most severe of what is going on and concerns him, and of those the newest. The same
    /// object as long as it is the same notice.
    Optional<Notice> of(Listener listener);

    /// Has `then` run after what is told has changed, on whichever thread changed it: it must be short.
    default void onChange(Runnable then) {}
}
