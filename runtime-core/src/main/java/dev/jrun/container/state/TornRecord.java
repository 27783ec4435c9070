// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.json.JsonReader;
import dev.jrun.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a crash or a full disk leaves of a {@link RecordFormat record}: nothing, zeros, or its beginning. A complete
 * document is not torn, even if this version cannot read it, and one with another beginning is another runtime's.
 */
final class TornRecord {

    /** What {@link RecordFormat} writes first. */
    private static final byte[] BEGINNING = "{\"ociVersion\":\"".getBytes(StandardCharsets.US_ASCII);

    private static final int PIECE = 1 << 13;

    private TornRecord() {}

    /** A document, which may be as long as it likes. */
    interface Document {
        InputStream open() throws IOException;
    }

    /** Whether it is that. */
    static boolean is(Document document) throws IOException {
        return isBlank(document) || beginsAsOurs(document) && !isWhole(document);
    }

    private static boolean isBlank(Document document) throws IOException {
        try (InputStream in = document.open()) {
            byte[] piece = new byte[PIECE];
            for (int length = in.read(piece); length > 0; length = in.read(piece)) {
                for (int i = 0; i < length; i++) {
                    if (piece[i] != 0) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    private static boolean beginsAsOurs(Document document) throws IOException {
        try (InputStream in = document.open()) {
            return Arrays.equals(in.readNBytes(BEGINNING.length), BEGINNING);
        }
    }

    private static boolean isWhole(Document document) throws IOException {
        try (InputStream in = document.open();
                JsonReader json = JsonReader.of(in)) {
            while (json.nextMember()) {
                json.skip();
            }
            return true;
        } catch (MalformedJsonException torn) {
            return false;
        } catch (UncheckedIOException unread) {
            throw unread.getCause();
        }
    }
}
