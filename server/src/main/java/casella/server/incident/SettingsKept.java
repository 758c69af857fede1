package casella.server.incident;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.HelpDesk;
import casella.incident.Desk;
import casella.incident.apps.Apps;
import casella.incident.help.Helps;
import casella.incident.news.News;
import casella.server.control.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the desk keeps of an owner beside what happened to the mailbox: the second address, the programs in use, who was let look inside.
final class SettingsKept {
    private final Desk desk;
    private final HelpDesk helps;
    private final Clock clock;

    SettingsKept(Desk desk, Clock clock) {
        this.desk = desk;
        this.helps = new Helps(desk, clock);
        this.clock = clock;
    }

    /// Before the name of somebody who is logged in to the console.
    private static final String STAFF = "staff:";

    private static @Nullable String who(String by) {
        if (by.isEmpty()) return null;
        return by.startsWith(STAFF) ? by.substring(STAFF.length()) : by;
    }

    /// Returns it as JSON. Names of those who helped are in it: their owner was shown them, too.
    ///
    /// @throws casella.base.Fault.Unavailable if the desk does not answer
    ObjectNode of(AccountId account) {
        ObjectNode out = Json.object().put("secondAddress", News.kept(desk, clock, account).orElse(null));
        ArrayNode programs = out.putArray("programs");
        for (Apps.Used one : Apps.of(desk, account)) {
            programs.addObject().put("door", one.door()).put("app", one.app()).put("day", one.day()
                    .toString());
        }
        ArrayNode looks = out.putArray("helps");
        for (HelpDesk.Help one : helps.of(account)) {
            ObjectNode help = looks.addObject().put("made", one.made().toString()).put("scope", one.scope()
                    .word())
                    .put("who", who(one.by()))
                    .put("began", one.began() == null ? null : one.began().toString())
                    .put("ended", one.ended() == null ? null : one.ended().toString());
            ArrayNode seen = help.putArray("looks");
            one.looks().forEach(look -> seen.addObject().put("at", look.at().toString()).put("what",
                    look.what().word())
                    .put("about", look.about()));
        }
        return out;
    }
}
