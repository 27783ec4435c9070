// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.json.JsonReader;
import dev.jrun.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a crash or a full disk leaves of a {@link RecordFormat record}: nothing, zeros, or its beginning. A document that is whole says
 * something, if not to this version of this runtime, and one that begins otherwise is another runtime's.
 */
final class TornRecord {

    /** What {@link RecordFormat} writes first. */
    private static final byte[] BEGINNING = "{\"ociVersion\":\"".getBytes(StandardCharsets.US_ASCII);

    private TornRecord() {}

    /** Whether it is that. */
    static boolean is(byte[] document) {
        return isBlank(document) || beginsAsOurs(document) && !isWhole(document);
    }

    private static boolean isBlank(byte[] document) {
        for (byte b : document) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean beginsAsOurs(byte[] document) {
        return document.length >= BEGINNING.length
                && Arrays.equals(document, 0, BEGINNING.length, BEGINNING, 0, BEGINNING.length);
    }

    private static boolean isWhole(byte[] document) {
        try (JsonReader json = JsonReader.of(document)) {
            while (json.nextMember()) {
                json.skip();
            }
            return true;
        } catch (MalformedJsonException torn) {
            return false;
        }
    }
}
