// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A container's state as JSON ("State" of runtime.md), in two parts with the pid between them, which is known only when a
 * program runs. The parts together, without a pid, are a state as well.
 *
 * @param head everything up to where a pid may follow
 * @param pidName what stands before the pid
 * @param tail everything behind it
 */
record StateText(byte[] head, byte[] pidName, byte[] tail) {

    private static final JsonFactory JSON = new JsonFactory();

    static StateText of(StateSubject container, String status) {
        String head = object(json -> {
            json.writeStringField("ociVersion", container.ociVersion());
            json.writeStringField("id", container.id());
            json.writeStringField("status", status);
        });
        String tail = object(json -> {
            json.writeStringField("bundle", container.bundle().toString());
            if (!container.annotations().isEmpty()) {
                json.writeObjectFieldStart("annotations");
                for (Map.Entry<String, String> annotation :
                        container.annotations().entrySet()) {
                    json.writeStringField(annotation.getKey(), annotation.getValue());
                }
                json.writeEndObject();
            }
        });
        return new StateText(
                bytes(head.substring(0, head.length() - 1)), bytes(",\"pid\":"), bytes("," + tail.substring(1)));
    }

    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private static String object(Members members) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
