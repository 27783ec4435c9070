// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import dev.jrun.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A container's state as JSON ("State" of runtime.md), in two parts with the pid between them, which is known only when
 * a program runs. The parts together, without a pid, are a state as well.
 *
 * @param head everything up to where a pid may follow
 * @param pidName what stands before the pid
 * @param tail everything behind it
 */
public record StateText(byte[] head, byte[] pidName, byte[] tail) {

    public static StateText of(StateSubject container, String status) {
        JsonWriter head = JsonWriter.compact().beginObject();
        head.name("ociVersion").value(container.ociVersion());
        head.name("id").value(container.id());
        head.name("status").value(status);
        JsonWriter tail = JsonWriter.compact().beginObject();
        tail.name("bundle").value(container.bundle().toString());
        if (!container.annotations().all().isEmpty()) {
            tail.name("annotations").beginObject();
            for (Map.Entry<String, String> annotation :
                    container.annotations().all().entrySet()) {
                tail.name(annotation.getKey()).value(annotation.getValue());
            }
            tail.endObject();
        }
        String rest = tail.endObject().toString().substring(1);
        return new StateText(head.utf8(), bytes(",\"pid\":"), bytes("," + rest));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
