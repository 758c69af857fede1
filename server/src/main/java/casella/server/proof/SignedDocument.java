package casella.server.proof;

import casella.base.Fault;
import casella.server.control.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A JSON document with the instance's signature: a JSON Web Signature (RFC 7515) in flattened JSON, algorithm `EdDSA`
/// with Ed25519 (RFC 8037).
///
/// The signature is over the text of `protected`, a dot and the text of `payload` as they stand in the document: nobody
/// has to write JSON the same way twice. Page: docs/formats/proof.md.
///
/// @param type what it is: `casella-proof+json`, say
/// @param keyId the [InstanceKey.Public#id] of the key that signed it
/// @param payload what is signed
public record SignedDocument(String type, String keyId, ObjectNode payload) {
    private static final int TEXT_MAX = 1 << 20;
    private static final Base64.Encoder TO = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder FROM = Base64.getUrlDecoder();

    /// Returns `payload` signed.
    public static ObjectNode sign(InstanceKey key, String type, ObjectNode payload) {
        ObjectNode header =
                Json.object().put("alg", "EdDSA").put("typ", type).put("kid", key.published().id());
        String head = encode(header);
        String body = encode(payload);
        return Json.object()
                .put("payload", body)
                .put("protected", head)
                .put("signature", TO.encodeToString(key.sign(input(head, body))));
    }

    private static String encode(ObjectNode json) {
        return TO.encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] input(String head, String body) {
        return (head + "." + body).getBytes(StandardCharsets.US_ASCII);
    }

    /// Returns the document that `text` is, if `key` signed it as it stands.
    ///
    /// @throws Fault.Corrupt if it is none, another key's, or changed
    public static SignedDocument check(String text, InstanceKey.Public key) {
        if (text.length() > TEXT_MAX) throw new Fault.Corrupt("Document too long", Map.of("max", TEXT_MAX));
        try {
            JsonNode document = Json.MAPPER.readTree(text);
            String head = member(document, "protected");
            String body = member(document, "payload");
            JsonNode header = Json.MAPPER.readTree(FROM.decode(head));
            // The algorithm is ours, whatever a document says; an extension that must be understood is not.
            if (!member(header, "alg").equals("EdDSA") || header.has("crit")) {
                throw new Fault.Corrupt("Document is signed in another way", Map.of());
            }
            String keyId = member(header, "kid");
            if (!keyId.equals(key.id())) {
                throw new Fault.Corrupt("Document is signed with another key",
                        Map.of("key", keyId, "checked", key.id()));
            }
            if (!key.signed(input(head, body), FROM.decode(member(document, "signature")))) {
                throw new Fault.Corrupt("Signature is wrong: the document was changed", Map.of());
            }
            JsonNode payload = Json.MAPPER.readTree(FROM.decode(body));
            if (!(payload instanceof ObjectNode object)) {
                throw new Fault.Corrupt("Payload is no JSON object", Map.of());
            }
            return new SignedDocument(member(header, "typ"), keyId, object);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new Fault.Corrupt("No signed document", Map.of(), e);
        }
    }

    private static String member(JsonNode in, String name) {
        JsonNode value = in.path(name);
        if (!value.isString()) throw new Fault.Corrupt("No signed document", Map.of("without", name));
        return value.asString();
    }
}
