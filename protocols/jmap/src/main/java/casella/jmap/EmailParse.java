package casella.jmap;

import casella.message.Summary;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Email/parse: reads a blob as a mail, such as one attached to another. RFC 8621 §4.9.
final class EmailParse implements Method {
    private static final int BLOBS_MAX = 50;
    private static final long BYTES_MAX = 64L << 20;

    @Override
    public String name() {
        return "Email/parse";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        call.accountId();
        List<String> ids = call.arguments().ids("blobIds");
        EmailProperties wanted = EmailProperties.read(call.arguments(), true);
        call.arguments().end();
        if (ids == null) throw Refusal.argument("blobIds", "given");
        if (ids.size() > BLOBS_MAX) throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "At most " + BLOBS_MAX);
        var json = new EmailJson(wanted);
        Blobs blobs = Blobs.of(call);
        ObjectNode parsed = Json.object();
        var notParsable = new ArrayList<String>();
        var notFound = new ArrayList<String>();
        long bytes = 0;
        for (String id : ids) {
            byte[] mail = blobs.read(id).orElse(null);
            if (mail == null) {
                notFound.add(id);
                continue;
            }
            bytes += mail.length;
            if (bytes > BYTES_MAX) throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "Mails of more than 64 MiB");
            Summary summary = EmailKeep.summary(call, mail);
            if (summary.headerLength() == 0) {
                notParsable.add(id);
                continue;
            }
            ObjectNode one = parsed.putObject(id);
            for (String property : EmailProperties.METADATA) {
                if (!wanted.wants(property)) continue;
                if (property.equals("blobId")) one.put(property, id);
                else if (property.equals("size")) one.put(property, mail.length);
                else one.putNull(property);
            }
            json.content(one, summary, MailBytes.of(mail), id);
        }
        ObjectNode out = call.response();
        out.set("parsed", parsed.isEmpty() ? Json.nothing() : parsed);
        out.set("notParsable", notParsable.isEmpty() ? Json.nothing() : Json.array(notParsable));
        out.set("notFound", notFound.isEmpty() ? Json.nothing() : Json.array(notFound));
        return new Answer.Done(out);
    }
}
