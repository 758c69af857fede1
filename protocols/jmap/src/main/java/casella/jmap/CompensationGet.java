package casella.jmap;

import casella.base.Given.Credit;
import casella.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Compensation/get: what the account was given for what did not work, the newest first. An extension of ours, RFC 8620 §1.8.
///
/// ```text
/// id          Id             of the compensation
/// incident    Id             as in Notice/get
/// title       {it, en}       what the incident was called; empty where that is not known any more
/// quotaBytes  UnsignedInt    room beyond the plan's quota
/// months      UnsignedInt    of the plan, free
/// given       UTCDate
/// ended       UTCDate|null   when it was taken back
/// ```
///
/// Asks the incident desk, never the store.
final class CompensationGet implements Method {
    private static final Set<String> PROPERTIES = new LinkedHashSet<>(
            List.of("id", "incident", "title", "quotaBytes", "months", "given", "ended"));

    @Override
    public String name() {
        return "Compensation/get";
    }

    @Override
    public Capability capability() {
        return Capability.SERVICE;
    }

    @Override
    public Answer run(Call call) {
        GetForm form = GetForm.read(call, PROPERTIES);
        call.arguments().end();
        List<Credit> all = call.house().parts().given().to(call.caller().account());
        List<String> ids = form.ids();
        var list = new ArrayList<ObjectNode>();
        var missing = ids == null ? new LinkedHashSet<String>() : new LinkedHashSet<>(ids);
        var asked = new HashSet<>(missing);
        for (Credit one : all) {
            missing.remove(id(one));
            if (ids == null || asked.contains(id(one))) list.add(json(one).retain(form.properties()));
        }
        return new Answer.Done(GetForm.response(call, state(all), list, List.copyOf(missing)));
    }

    private static String state(List<Credit> all) {
        if (all.isEmpty()) return "none";
        return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).toString().substring(0, 16);
    }

    private static String id(Credit one) {
        return "c" + one.run();
    }

    private static ObjectNode json(Credit one) {
        ObjectNode out = Json.object().put("id", id(one)).put("incident", "n" + one.incident());
        out.putObject("title").put("it", one.italian()).put("en", one.english());
        return out.put("quotaBytes", one.quotaBytes()).put("months", one.months())
                .put("given", text(one.at())).put("ended", text(one.ended()));
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
