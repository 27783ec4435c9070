// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import java.nio.charset.StandardCharsets;

/** For a fuzzer ({@code scripts/fuzz}): what was read, written and read again is the same. */
public final class JsonRoundTripFuzz {
    private JsonRoundTripFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] document) throws MalformedJsonException {
        Json json;
        try {
            json = JsonText.parse(document);
        } catch (MalformedJsonException e) {
            return;
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(json.toString())) {
            // Half of a surrogate pair, which JSON can name, but UTF-8 cannot hold.
            return;
        }
        JsonWriter writer = JsonWriter.compact();
        json.write(writer);
        Json again = JsonText.parse(writer.utf8());
        if (!again.equals(json)) {
            throw new IllegalStateException("read " + json + ", and after writing " + again);
        }
    }
}
