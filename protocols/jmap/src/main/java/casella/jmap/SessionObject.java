package casella.jmap;

import casella.base.Sha256;
import tools.jackson.databind.node.ObjectNode;

/// What a client is told first: where everything is and how much of it. RFC 8620 §2.
final class SessionObject {
    private SessionObject() {}

    /// @param base what the URLs begin with, `https://mail.example`, no slash at its end
    static ObjectNode of(JmapConfig config, Caller caller, String base) {
        ObjectNode out = Json.object();
        ObjectNode capabilities = out.putObject("capabilities");
        ObjectNode account = Json.object().put("name", caller.address()).put("isPersonal", true).put("isReadOnly", false);
        ObjectNode accountCapabilities = account.putObject("accountCapabilities");
        ObjectNode primary = Json.object();
        for (Capability one : Capability.values()) {
            capabilities.set(one.urn(), one.server(config));
            accountCapabilities.set(one.urn(), one.account(config));
            primary.put(one.urn(), caller.account().toString());
        }
        out.putObject("accounts").set(caller.account().toString(), account);
        out.set("primaryAccounts", primary);
        out.put("username", caller.address());
        out.put("apiUrl", base + "/jmap/api");
        out.put("downloadUrl", base + "/jmap/download/{accountId}/{blobId}/{name}?accept={type}");
        out.put("uploadUrl", base + "/jmap/upload/{accountId}");
        out.put("eventSourceUrl", base + "/jmap/eventsource?types={types}&closeafter={closeafter}&ping={ping}");
        out.put("state", state(config, caller));
        return out;
    }

    /// Returns the state of the session object; the same as long as nothing in it changes. URLs
    /// are left out, so that one account has one state whatever Host it was asked by.
    static String state(JmapConfig config, Caller caller) {
        ObjectNode what = Json.object().put("account", caller.account().toString()).put("name", caller.address());
        for (Capability one : Capability.values()) {
            what.set(one.urn(), Json.array().add(one.server(config)).add(one.account(config)));
        }
        return Sha256.of(Json.write(what)).toString().substring(0, 16);
    }
}
